import type { Declaration } from './cluster/group.ts'
import { validateConfig } from './config.generated.ts'
import { UserError } from './error.ts'
import type { Document, File, Path } from './manifests/document.ts'
import { parse } from './manifests/parse.ts'
import { folderOf, join } from './manifests/place.ts'
import { locate } from './manifests/position.ts'
import { type Defect, describe, field, pointer, sentence, similar, type Validate } from './openshift/shape.ts'
import { parseVersion, type Version } from './openshift/version.ts'
import type { Levels, Settings } from './policy/levels.ts'
import type { Upgrade, Upgrades } from './policy/upgrade.ts'
import { type Configured, isDate, readObject } from './policy/waiver.ts'

/** `.mirrorproof.yaml`: what the manifests do not say. */
export interface Config {
  /** The clusters that the manifests are for. Without them, clusters are guessed from the layout of the folders. */
  clusters?: ClusterConfig[]
  /** The OpenShift version that clusters go to next, in quotes: "4.16". What will break there is reported, too. */
  upgrade?: string
  /** The levels of rules, by id, in place of their own. */
  rules?: Record<string, RuleLevel>
  /** Levels for what stands in some files, over those of clusters. Of several that name a rule the last one counts. */
  overrides?: OverrideConfig[]
  /** Folders of rules of your own, relative to this file: what `mirrorproof rules build` compiled. */
  policies?: string[]
  /** Findings that do not count. */
  waivers?: WaiverConfig[]
  /** Every waiver has to give a reason, here, in a comment or in an annotation. */
  requireReasons?: boolean
  /**
   * A file, relative to this one, that `mirrorproof check --write-baseline` wrote: what is in it does not count.
   * @minLength 1
   */
  baseline?: string
}

export interface WaiverConfig {
  /**
   * The id of the rule whose findings do not count.
   * @minLength 1
   */
  rule: string
  /**
   * The folders and files that the findings stand in, relative to this file; all, where none are given.
   * @minItems 1
   */
  paths?: string[]
  /** The object that the findings are of: Kind/name, or Kind/namespace/name. */
  object?: string
  /** Why. */
  reason?: string
  /** The last day on which it holds, as 2027-01-31. */
  until?: string
}

/** `false` is what YAML makes of an `off` without quotes. */
export type RuleLevel = 'error' | 'warning' | 'info' | 'off' | false

export interface OverrideConfig {
  /**
   * Folders and files, relative to this file.
   * @minItems 1
   */
  paths: string[]
  /** The levels of rules, by id. */
  rules: Record<string, RuleLevel>
}

export interface ClusterConfig {
  /**
   * How the cluster is called in reports and by --cluster.
   * @minLength 1
   */
  name: string
  /** Its OpenShift version, in quotes: "4.16" or "4.16.3". Unquoted, YAML reads 4.20 as the number 4.2. */
  version?: string
  /** The OpenShift version that it goes to next, in quotes. */
  upgrade?: string
  /** The levels of rules, by id, over those for all clusters. */
  rules?: Record<string, RuleLevel>
  /** Its nodes cannot reach public registries. */
  disconnected?: boolean
  /**
   * The folders and files that are applied to it, relative to this file. A file may belong to several clusters.
   * @minItems 1
   */
  paths: string[]
}

/** What a configuration file says. */
export interface Configuration {
  clusters: Declaration[]
  levels: Levels
  upgrades: Upgrades
  /** The folders of the user's own rules, absolute. */
  policies: string[]
  waivers: Configured[]
  requireReasons: boolean
  /** As it is written, and where: `FILE:LINE`. `place` is absolute. */
  baseline?: { path: string; place: string; where: string }
  /** The rules that it names, and where: `FILE:LINE`. Whether there are such is for `requireRules` to say. */
  named: { rule: string; where: string }[]
}

/** What no configuration file says. */
export const NOTHING: Configuration = { clusters: [], levels: { all: new Map(), clusters: new Map(), overrides: [] }, upgrades: { clusters: new Map() }, policies: [], waivers: [], requireReasons: false, named: [] }

const VERSION = 'write it in quotes, as "4.16" or "4.16.3"'
/** Where levels stand, as a JSON pointer. */
const LEVEL = /^(?:\/(?:clusters|overrides)\/\d+)?\/rules\/[^/]+$/

/**
 * Reads a configuration file. `place` makes a path of the file absolute, or turns it into undefined where nothing is there.
 * @throws UserError with file and line for whatever is wrong with it.
 */
export function parseConfig(file: File, place: (path: string) => string | undefined): Configuration {
  const document = readDocument(file)
  if (!document) return NOTHING
  const { clusters = [], upgrade, rules, overrides = [], policies = [], waivers = [], requireReasons = false, baseline } = document.value as Config
  const named: Configuration['named'] = []
  const where = (path: Path) => `${file.path}:${locate(document, path, true).line}`
  const fail = (path: Path, message: string): never => {
    throw new UserError(`${where(path)}: ${message}`)
  }
  const version = (text: string, path: Path): Version => parseVersion(text) ?? fail(path, `\`${text}\` is no OpenShift version; ${VERSION}`)
  const next = (text: string, path: Path): Upgrade => ({ version: version(text, path), said: `${where(path)}: upgrade ${text}` })
  const places = (paths: string[], at: Path) => paths.map((path, index) => place(path) ?? fail([...at, index], `there is no ${path}`))
  const settings = (levels: Record<string, RuleLevel> = {}, at: Path): Settings => new Map(Object.entries(levels).map(([rule, level]) => {
    named.push({ rule, where: where([...at, rule]) })
    return [rule, level === false ? 'off' : level]
  }))
  const names = new Set<string>()
  const declared = clusters.map(({ name, version: text, disconnected, paths }, index): Declaration => {
    const at = (key: string) => ['clusters', index, key]
    if (names.has(name)) fail(at('name'), `a second cluster is called ${name}`)
    names.add(name)
    const release = text === undefined ? {} : { version: version(text, at('version')) }
    return { name, ...release, ...(disconnected === undefined ? {} : { disconnected }), paths: places(paths, at('paths')) }
  })
  return {
    clusters: declared,
    levels: {
      all: settings(rules, ['rules']),
      clusters: new Map(clusters.map((cluster, index) => [cluster.name, settings(cluster.rules, ['clusters', index, 'rules'])])),
      overrides: overrides.map((one, index) => ({ paths: places(one.paths, ['overrides', index, 'paths']), rules: settings(one.rules, ['overrides', index, 'rules']) })),
    },
    upgrades: {
      ...(upgrade === undefined ? {} : { all: next(upgrade, ['upgrade']) }),
      clusters: new Map(clusters.flatMap(({ name, upgrade: own }, index) => (own === undefined ? [] : [[name, next(own, ['clusters', index, 'upgrade'])]]))),
    },
    policies: places(policies, ['policies']),
    waivers: waivers.map((one, index): Configured => {
      const at = ['waivers', index]
      const { rule, paths, object, reason = '', until = null } = one
      named.push({ rule, where: where([...at, 'rule']) })
      if (until !== null && !isDate(until)) fail([...at, 'until'], `\`${until}\` is no date; write it as 2027-01-31`)
      return {
        rule, reason: reason.trim(), until, place: { document, path: at },
        ...(paths ? { paths: places(paths, [...at, 'paths']) } : {}),
        ...(object === undefined ? {} : { object: readObject(object) ?? fail([...at, 'object'], `\`${object}\` is no object; write it as Kind/name or Kind/namespace/name`) }),
      }
    }),
    requireReasons,
    ...(baseline === undefined ? {} : { baseline: { path: baseline, place: join(folderOf(file.place), baseline), where: where(['baseline']) } }),
    named,
  }
}

/** @throws UserError for a rule that a configuration names and that is none of the `known`. */
export function requireRules(named: Configuration['named'], known: readonly string[]): void {
  const unknown = named.find(({ rule }) => !known.includes(rule))
  if (!unknown) return
  const near = known.find((id) => similar(id, unknown.rule.toLowerCase()))
  throw new UserError(`${unknown.where}: there is no rule ${unknown.rule}; ${near === undefined ? 'mirrorproof rules lists them' : `is ${near} meant?`}`)
}

/**
 * The one document of a configuration file, of the form that it must have (`Config`); undefined where there is none.
 * @throws UserError with file and line where it has another one.
 */
export function readDocument(file: File): Document | undefined {
  const { documents, skipped: [template] } = parse(file, () => true)
  const [document, second] = documents.filter(({ value, problem }) => problem || value !== null)
  const fail = (line: number, message: string): never => {
    throw new UserError(`${file.path}:${line}: ${message}`)
  }
  if (template) return fail(template.line ?? 1, 'a template is no configuration')
  if (!document) return undefined
  if (document.problem) return fail(locate(document, []).line, document.problem.message)
  if (second) return fail(locate(second, []).line, 'a configuration is one document')
  const validate = validateConfig as Validate
  if (validate(document.value)) return document
  const [error] = validate.errors ?? []
  if (error && LEVEL.test(error.instancePath)) {
    const path = pointer(error.instancePath, document.value)
    return fail(locate(document, path).line, `\`${field(path)}\` is ${shown(error.data)}; a level is error, warning, info or off`)
  }
  const defect = error && describe(error, document.value, () => [])
  if (!defect) return fail(1, 'this is no configuration')
  return fail(locate(document, defect.path, defect.problem === 'unknown-field').line, mistake(defect))
}

function shown(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' && value !== null ? 'a mapping' : `\`${String(value)}\``
}

function mistake(defect: Defect): string {
  const unquoted = defect.problem === 'wrong-type' && /(?:^|\.)(?:version|upgrade)$/.test(defect.field)
  return unquoted ? `\`${defect.field}\` is a ${defect.found}; ${VERSION}` : sentence(defect)
}
