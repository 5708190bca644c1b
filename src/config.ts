import type { Declaration } from './cluster/group.ts'
import { validateConfig } from './config.generated.ts'
import { UserError } from './error.ts'
import type { File } from './manifests/document.ts'
import { parse } from './manifests/parse.ts'
import { locate } from './manifests/position.ts'
import { type Defect, describe, sentence, type Validate } from './openshift/shape.ts'
import { parseVersion, type Version } from './openshift/version.ts'

/** `.mirrorproof.yaml`: what the manifests do not say. */
export interface Config {
  /** The clusters that the manifests are for. Without them, clusters are guessed from the layout of the folders. */
  clusters?: ClusterConfig[]
  /** Folders of rules of your own, relative to this file: what `mirrorproof rules build` compiled. */
  policies?: string[]
}

export interface ClusterConfig {
  /**
   * How the cluster is called in reports and by --cluster.
   * @minLength 1
   */
  name: string
  /** Its OpenShift version, in quotes: "4.16" or "4.16.3". Unquoted, YAML reads 4.20 as the number 4.2. */
  version?: string
  /** Its nodes cannot reach public registries. */
  disconnected?: boolean
  /**
   * The folders and files that are applied to it, relative to this file. A file may belong to several clusters.
   * @minItems 1
   */
  paths: string[]
}

const VERSION = 'write it in quotes, as "4.16" or "4.16.3"'

/**
 * Reads a configuration file. `place` makes a path of the file absolute, or turns it into undefined where nothing is there.
 * @throws UserError with file and line for whatever is wrong with it.
 */
export function parseConfig(file: File, place: (path: string) => string | undefined): { clusters: Declaration[]; policies: string[] } {
  const { documents, skipped: [template] } = parse(file, () => true)
  const [document, second] = documents.filter(({ value, problem }) => problem || value !== null)
  const fail = (line: number, message: string): never => {
    throw new UserError(`${file.path}:${line}: ${message}`)
  }
  if (template) return fail(template.line ?? 1, 'a template is no configuration')
  if (!document) return { clusters: [], policies: [] }
  if (document.problem) return fail(locate(document, []).line, document.problem.message)
  if (second) return fail(locate(second, []).line, 'a configuration is one document')
  const validate = validateConfig as Validate
  if (!validate(document.value)) {
    const [error] = validate.errors ?? []
    const defect = error && describe(error, document.value, () => [])
    if (!defect) return fail(1, 'this is no configuration')
    return fail(locate(document, defect.path, defect.problem === 'unknown-field').line, mistake(defect))
  }
  const { clusters = [], policies = [] } = document.value as Config
  const names = new Set<string>()
  const declared = clusters.map(({ name, version, disconnected, paths }, index) => {
    const line = (key: string) => locate(document, ['clusters', index, key]).line
    if (names.has(name)) fail(line('name'), `a second cluster is called ${name}`)
    names.add(name)
    const parsed = version === undefined ? undefined : parseVersion(version) ?? fail(line('version'), `\`${version}\` is no OpenShift version; ${VERSION}`)
    return { name, ...(parsed ? { version: parsed as Version } : {}), ...(disconnected === undefined ? {} : { disconnected }), paths: paths.map((path, at) => place(path) ?? fail(locate(document, ['clusters', index, 'paths', at]).line, `there is no ${path}`)) }
  })
  return { clusters: declared, policies: policies.map((path, index) => place(path) ?? fail(locate(document, ['policies', index]).line, `there is no ${path}`)) }
}

function mistake(defect: Defect): string {
  const unquoted = defect.problem === 'wrong-type' && defect.field.endsWith('.version')
  return unquoted ? `\`${defect.field}\` is a ${defect.found}; ${VERSION}` : sentence(defect)
}
