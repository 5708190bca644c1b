import type { ClusterConfig, Config } from './config.ts'
import type { Document, Path } from './manifests/document.ts'
import { locate } from './manifests/position.ts'

/** A value of the configuration, and what says it: `FILE:LINE` or a flag; or what holds where nothing does. */
export type Setting = { value: string | number | boolean | null; from: string } | { items: Setting[]; from: string } | { fields: Record<string, Setting>; from: string } | { unset: string }

/** What flags say for all clusters. */
export interface Said {
  openshift?: string
  next?: string
  disconnected?: boolean
}

/** What holds where the configuration says nothing, in the order in which it is told. */
const UNSET: Record<keyof Config, string> = {
  clusters: 'read from the manifests, else guessed from their folders (mirrorproof clusters)',
  upgrade: 'clusters are judged as they are',
  rules: 'each has the level of its own',
  overrides: 'none',
  policies: 'the built-in rules only',
  waivers: 'none beside those in manifests',
  requireReasons: 'waivers need give no reason',
  baseline: 'none',
}
const UNSET_OF_CLUSTER: Record<keyof ClusterConfig, string> = {
  name: '',
  version: 'read from its manifests',
  upgrade: 'as for all clusters',
  disconnected: 'taken as connected',
  rules: 'as for all clusters',
  paths: '',
}

/** Everything that can be configured, by name: what a valid configuration (`readDocument`) and flags, which go before it, say of it. */
export function effective(document: Document | undefined, said: Said): Record<string, Setting> {
  const all = complete(document ? fieldsOf(document, document.value as Config, []) : {}, UNSET)
  if (said.next !== undefined) all['upgrade'] = { value: said.next, from: flagOf('next', said.next) }
  const { clusters } = all
  return clusters && 'items' in clusters ? { ...all, clusters: { ...clusters, items: clusters.items.map((one) => ofCluster(one, said)) } } : all
}

/** A flag as it was given. */
export function flagOf(name: keyof Said, value: string | boolean): string {
  return value === true ? `--${name}` : `--${name} ${value}`
}

function ofCluster(cluster: Setting, { openshift, next, disconnected }: Said): Setting {
  if (!('fields' in cluster)) return cluster
  const fields = {
    ...cluster.fields,
    ...(openshift === undefined ? {} : { version: { value: openshift, from: flagOf('openshift', openshift) } }),
    ...(disconnected === undefined ? {} : { disconnected: { value: disconnected, from: flagOf('disconnected', disconnected) } }),
    ...(next === undefined ? {} : { upgrade: { unset: UNSET_OF_CLUSTER.upgrade } }),
  }
  return { ...cluster, fields: complete(fields, UNSET_OF_CLUSTER) }
}

function complete(fields: Record<string, Setting>, unset: Record<string, string>): Record<string, Setting> {
  return Object.fromEntries(Object.entries(unset).map(([name, holds]) => [name, fields[name] ?? { unset: holds }]))
}

function setting(document: Document, value: unknown, path: Path): Setting {
  const from = `${document.file.path}:${locate(document, path, true).line}`
  if (Array.isArray(value)) return { items: value.map((item, index) => setting(document, item, [...path, index])), from }
  if (typeof value === 'object' && value !== null) return { fields: fieldsOf(document, value, path), from }
  const level = path.at(-2) === 'rules' && value === false ? 'off' : value
  return { value: level as string | number | boolean | null, from }
}

function fieldsOf(document: Document, value: object, path: Path): Record<string, Setting> {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, setting(document, inner, [...path, name])]))
}
