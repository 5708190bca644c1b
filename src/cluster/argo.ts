import type { Place } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import { isObject, own, placeOf, type Resource, text } from '../manifests/resource.ts'

/** A folder that Argo CD applies to a cluster. */
export interface Application {
  /** The place of the folder. */
  folder: string
  /** Manifests in folders below it are applied too. */
  recurse: boolean
  cluster: string
  place: Place
}

/** How Argo CD calls the cluster that it runs on. */
export const IN_CLUSTER = 'in-cluster'

/**
 * The folders that Applications and ApplicationSets name, as far as they are among `folders`. Paths count from the root of a repository, which is taken to be
 * the folder around the Application in which most of all these paths are found: one that is found elsewhere is of another repository.
 */
export function applications(resources: readonly Resource[], folders: ReadonlySet<string>): Application[] {
  const all = named(resources, folders)
  const counts = new Map<string, number>()
  for (const { found } of all) for (const root of found) counts.set(root, (counts.get(root) ?? 0) + 1)
  return all.flatMap(({ place, path, found, ...rest }) => {
    const root = around(outermost(place.document).file.place).reduce<string | undefined>((best, one) => ((counts.get(one) ?? 0) > (counts.get(best ?? '') ?? 0) ? one : best), undefined)
    return root !== undefined && found.includes(root) ? [{ ...rest, place, folder: `${root}/${path}` }] : []
  })
}

/** An Application whose path is found from some folders around it. */
interface Named extends Omit<Application, 'folder'> {
  path: string
  found: string[]
}

function named(resources: readonly Resource[], folders: ReadonlySet<string>): Named[] {
  return resources.filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/')).flatMap((resource) => {
    if (resource.kind === 'Application') return sourcesOf(resource, own(resource.value, 'spec'), ['spec'], folders)
    if (resource.kind !== 'ApplicationSet') return []
    const spec = own(resource.value, 'spec')
    const template = own(own(spec, 'template'), 'spec')
    return parameters(resource, own(spec, 'generators'), folders).flatMap((values) => sourcesOf(resource, fill(template, values), ['spec', 'template', 'spec'], folders))
  })
}

function sourcesOf(resource: Resource, spec: unknown, at: string[], folders: ReadonlySet<string>): Named[] {
  const many = own(spec, 'sources')
  const sources = [...(isObject(own(spec, 'source')) ? [{ source: own(spec, 'source'), path: [...at, 'source', 'path'] }] : []),
    ...(Array.isArray(many) ? many.map((source: unknown, index) => ({ source, path: [...at, 'sources', index, 'path'] })) : [])]
  const cluster = destination(own(spec, 'destination'))
  return sources.flatMap(({ source, path }) => {
    const steps = text(own(source, 'path')).split('/').filter((step) => step !== '' && step !== '.').join('/')
    const found = steps === '' || steps.includes('{{') ? [] : around(outermost(resource.document).file.place).filter((root) => folders.has(`${root}/${steps}`))
    return found.length === 0 || cluster === undefined ? [] : [{ path: steps, found, recurse: own(own(source, 'directory'), 'recurse') === true, cluster, place: placeOf(resource, path) }]
  })
}

/** The name of the cluster, else the host of its API server; undefined where that is yet to be filled in. */
function destination(value: unknown): string | undefined {
  const [name, server] = [text(own(value, 'name')), text(own(value, 'server'))]
  const host = /^https?:\/\/([^/:]+)/.exec(server)?.[1]
  const cluster = name || (host?.startsWith('kubernetes.default') ? IN_CLUSTER : host) || IN_CLUSTER
  return cluster.includes('{{') ? undefined : cluster
}

/** The folders around a place, from the inside. */
function around(place: string): string[] {
  const found: string[] = []
  for (let at = place.lastIndexOf('/'); at > 0; at = place.lastIndexOf('/', at - 1)) found.push(place.slice(0, at))
  return found
}

type Values = Record<string, string>

/** What the list and git directory generators put into the template; of other generators only the cluster knows. */
function parameters(resource: Resource, generators: unknown, folders: ReadonlySet<string>): Values[] {
  return (Array.isArray(generators) ? (generators as unknown[]) : []).flatMap((generator) => {
    const elements = own(own(generator, 'list'), 'elements')
    const directories = own(own(generator, 'git'), 'directories')
    return [...(Array.isArray(elements) ? elements.filter(isObject).map((element) => flat(element)) : []), ...(Array.isArray(directories) ? paths(resource, directories, folders) : [])]
  })
}

function flat(element: Record<string, unknown>, prefix = ''): Values {
  return Object.fromEntries(Object.entries(element).flatMap(([key, value]) => (isObject(value) ? Object.entries(flat(value, `${prefix}${key}.`)) : [[`${prefix}${key}`, String(value)]])))
}

/** The folders that match the patterns, as parameters `path`, `path.basename` and `path[n]`. A `*` stands for one folder. */
function paths(resource: Resource, directories: readonly unknown[], folders: ReadonlySet<string>): Values[] {
  const patterns = (exclude: boolean) => directories.filter((one) => (own(one, 'exclude') === true) === exclude).map((one) => text(own(one, 'path')).replace(/^\.\/|\/$/g, ''))
  for (const root of around(outermost(resource.document).file.place)) {
    const below = [...folders].filter((folder) => folder.startsWith(`${root}/`)).map((folder) => folder.slice(root.length + 1))
    const all = new Set(below.flatMap((folder) => folder.split('/').map((_, index, steps) => steps.slice(0, index + 1).join('/'))))
    const matched = [...all].filter((path) => patterns(false).some((pattern) => glob(pattern, path)) && !patterns(true).some((pattern) => glob(pattern, path)))
    if (matched.length > 0) return matched.sort().map((path) => ({ path, 'path.path': path, 'path.basename': path.split('/').at(-1)!, ...Object.fromEntries(path.split('/').map((step, index) => [`path[${index}]`, step])) }))
  }
  return []
}

function glob(pattern: string, path: string): boolean {
  const [wanted, found] = [pattern.split('/'), path.split('/')]
  return wanted.length === found.length && wanted.every((step, index) => step === '*' || step === found[index] || (step.includes('*') && wildcard(step, found[index]!)))
}

function wildcard(step: string, name: string): boolean {
  const [first = '', ...rest] = step.split('*')
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - at >= rest.at(-1)!.length && name.endsWith(rest.at(-1)!)
}

/** `{{name}}`, or `{{ .name }}` of a Go template. */
function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return value.replace(/\{\{\s*\.?([\w.[\]-]+)\s*\}\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole))
  if (Array.isArray(value)) return value.map((item) => fill(item, values))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, values)]))
  return value
}
