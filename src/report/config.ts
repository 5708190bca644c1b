import type { Config } from '../config.ts'
import type { Setting } from '../effective.ts'
import { scalar } from '../manifests/write.ts'
import { type Row, rowsText } from './yaml.ts'

/** What `config --format json` prints. Fields are only ever added. */
export interface ConfigReport {
  version: 1
  /** The configuration file; null where there is none. */
  file: string | null
  /** Why it is this one, or none. */
  why: string
  /** Flags that hold for all clusters, over what is declared. */
  flags: string[]
  /** What holds, of the form that schema/config.schema.json describes. Paths are as written, relative to the file. */
  config: Config
  /** What says each value: `FILE:LINE` or a flag. */
  origins: { path: (string | number)[]; from: string }[]
  /** What is not said, and what holds then. */
  unset: { path: (string | number)[]; default: string }[]
}

/** Which configuration is in force: the file and flags, and what they say of everything that can be configured. */
export interface InForce extends Pick<ConfigReport, 'file' | 'why' | 'flags'> {
  settings: Record<string, Setting>
}

/** As one JSON object. */
export function configJson({ file, why, flags, settings }: InForce): string {
  const report: ConfigReport = { version: 1, file, why, flags, config: (plain({ fields: settings, from: '' }) ?? {}) as Config, origins: [], unset: [] }
  collect({ fields: settings, from: '' }, [], report)
  return `${JSON.stringify(report, null, 2)}\n`
}

/** As YAML that can be saved in place of the file: each value with what says it, and, as comments, what is not said. */
export function configText({ file, why, flags, settings }: InForce): string {
  const head = [`# ${file === null ? why : `${file}: ${why}`}`, ...(flags.length > 0 ? [`# flags, for all clusters and over what is declared: ${flags.join(', ')}`] : [])]
  const rows = Object.entries(settings).flatMap(([name, one]) => ('unset' in one ? [{ text: unset(name, one.unset) }] : field(name, one, '')))
  return `${rowsText(head.map((text) => ({ text })))}\n${rowsText(rows)}`
}

/** The value itself; undefined where there is none. */
function plain(setting: Setting): unknown {
  if ('unset' in setting) return undefined
  if ('value' in setting) return setting.value
  return 'items' in setting ? setting.items.map(plain) : Object.fromEntries(Object.entries(setting.fields).map(([name, inner]) => [name, plain(inner)]))
}

function collect(setting: Setting, path: (string | number)[], report: ConfigReport): void {
  if ('unset' in setting) report.unset.push({ path, default: setting.unset })
  else if ('value' in setting) report.origins.push({ path, from: setting.from })
  else for (const [step, inner] of 'items' in setting ? setting.items.entries() : Object.entries(setting.fields)) collect(inner, [...path, step], report)
}

function field(name: string, setting: Setting, indent: string): Row[] {
  if ('unset' in setting) return [{ text: `${indent}${unset(name, setting.unset)}` }]
  if ('value' in setting) return [{ text: `${indent}${scalar(name)}: ${scalar(setting.value)}`, comment: setting.from }]
  const inner = below(setting, indent)
  return inner.length > 0 ? [{ text: `${indent}${scalar(name)}:` }, ...inner] : [{ text: `${indent}${scalar(name)}: ${'items' in setting ? '[]' : '{}'}`, comment: setting.from }]
}

/** The items of a list, or the fields of a mapping one step further in. */
function below(setting: Exclude<Setting, { unset: string } | { value: unknown }>, indent: string): Row[] {
  if ('fields' in setting) return Object.entries(setting.fields).flatMap(([name, inner]) => field(name, inner, `${indent}  `))
  return setting.items.flatMap((one): Row[] => {
    if ('unset' in one) return []
    if ('value' in one) return [{ text: `${indent}- ${scalar(one.value)}`, comment: one.from }]
    const [first, ...rest] = below(one, indent)
    return first ? [{ ...first, text: `${indent}- ${first.text.slice(indent.length + 2)}` }, ...rest] : []
  })
}

function unset(name: string, holds: string): string {
  return `# ${name} is not set: ${holds}`
}
