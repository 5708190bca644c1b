import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DiffReport } from '../src/report/diff.ts'
import { ROOT } from './command.ts'
import { diff, type Files, repository } from './repository.ts'
import { validator } from './schema.ts'

const valid = validator(JSON.parse(readFileSync(join(ROOT, 'schema/diff.schema.json'), 'utf8')) as object)
export const DIGEST = `@sha256:${'a'.repeat(64)}`

const set = (kind: string, field: string, name: string, entries: Record<string, string>): string => `apiVersion: config.openshift.io/v1
kind: ${kind}
metadata:
  name: ${name}
spec:
  ${field}:
${Object.entries(entries).map(([source, mirror]) => `  - source: ${source}\n${mirror === '' ? '' : `    mirrors: [${mirror}]\n`}`).join('')}`
export const idms = (name: string, entries: Record<string, string>) => set('ImageDigestMirrorSet', 'imageDigestMirrors', name, entries)
export const itms = (name: string, entries: Record<string, string>) => set('ImageTagMirrorSet', 'imageTagMirrors', name, entries)
export const icsp = (name: string, entries: Record<string, string>) => set('ImageContentSourcePolicy', 'repositoryDigestMirrors', name, entries).replace('config.openshift.io/v1', 'operator.openshift.io/v1alpha1')
export const pod = (image: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n  - name: web\n    image: ${image}\n`
export const machineConfig = (path: string, text: string) => `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: own, labels: {machineconfiguration.openshift.io/role: worker}}
spec:
  config:
    ignition: {version: 3.2.0}
    storage:
      files:
      - {path: ${path}, mode: 420, overwrite: true, contents: {source: "data:;base64,${Buffer.from(text).toString('base64')}"}}
`
export const config = (version: string, more = '') => `clusters:\n- {name: berlin, version: "${version}", disconnected: true, paths: [.]}\n${more}`
export const ORG = idms('org', { 'quay.io/org': 'mirror.example.net/org' })
/** `quay.io/bare` lacks a mirror, which is a warning. */
export const BARE = idms('org', { 'quay.io/org': 'mirror.example.net/org', 'quay.io/bare': '' })

export interface Seen {
  code: number
  new?: string[]
  gone?: string[]
  waived?: string[]
  kept?: number
  /** From where to where, by image. */
  routes?: string[]
  /** By cluster. */
  nodes?: Record<string, string>
  says?: string
}

/** What `diff` says of the step from one state of all files to the next, in few words; clusters that stay the same are left out. */
export function step(before: Files, after: Files, ...args: string[]): Seen {
  const { code, stdout, stderr } = diff(repository([before, after]), ['--base', 'HEAD~1', '--format', 'json', ...args])
  const says = stderr.replaceAll('mirrorproof: ', '').trim()
  if (stdout === '') return { code: code!, says }
  const report = JSON.parse(stdout) as DiffReport
  valid(report, 'diff')
  const { findings, routes, clusters } = report
  const short = (one: string[]) => one.map((reference) => reference.replace(DIGEST, '')).join(' ')
  const told = clusters.filter(({ state, effect, upgrade, refused }) => state === 'new' || state === 'gone' || effect !== 'none' || upgrade || refused)
  return {
    code: code!,
    ...(findings.new.length > 0 ? { new: findings.new.map(({ rule, level, was }) => `${level} ${rule}${was ? `, was ${was}` : ''}`) } : {}),
    ...(findings.gone.length > 0 ? { gone: findings.gone.map(({ rule, level }) => `${level} ${rule}`) } : {}),
    ...(findings.waived.length > 0 ? { waived: findings.waived.map(({ rule, file, waiver }) => `${file} ${rule} by ${waiver.by}`) } : {}),
    ...(findings.unchanged > 0 ? { kept: findings.unchanged } : {}),
    ...(routes.length > 0 ? { routes: routes.map(({ image, before: from, after: to, afterError }) => `${short([image])}: ${short(from)} -> ${afterError ?? short(to)}`) } : {}),
    ...(told.length > 0 ? { nodes: Object.fromEntries(told.map(({ name, state, effect, upgrade, refused }) => [name, [...(state === 'changed' ? [] : [state]), effect, ...(refused ? ['refused'] : []), ...(upgrade ? [`upgrade ${upgrade.becomes}`] : [])].join(', ')])) } : {}),
    ...(says === '' ? {} : { says }),
  }
}

export const BERLIN: Files = { '.mirrorproof.yaml': config('4.16', 'rules: {fallback-to-unreachable-source: off}\n'), 'org.yaml': ORG, 'web.yaml': pod(`quay.io/org/web${DIGEST}`) }
