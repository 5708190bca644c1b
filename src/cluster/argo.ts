import { byFolder, foldersAround } from '../manifests/place.ts'
import type { Place } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import type { Unread } from '../carriers/contents.ts'
import { isObject, own, placeOf, type Resource, text, title } from '../manifests/resource.ts'

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
 * The folders that Applications and ApplicationSets name, as far as there are such folders, and what of them is not read. Paths count from the root of a
 * repository, which is taken to be the folder around the Application in which most of all these paths are found: one that is found elsewhere is of another one.
 */
export function applications(resources: readonly Resource[], foldersOf: () => ReadonlySet<string>): { applications: Application[]; unread: Unread[] } {
  const ofArgo = resources.filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'))
  if (ofArgo.length === 0) return { applications: [], unread: [] }
  const folders = foldersOf()
  const tree = treeOf(folders)
  const unread: Unread[] = []
  const all = ofArgo.flatMap((resource) => named(resource, folders, tree, unread))
  const counts = new Map<string, number>()
  for (const { found } of all) for (const root of found) counts.set(root, (counts.get(root) ?? 0) + 1)
  const count = (root: string) => counts.get(root) ?? 0
  return {
    applications: all.flatMap(({ place, path, found, ...rest }) => {
      const root = foldersAround(outermost(place.document).file.place).reduce<string | undefined>((best, one) => (count(one) > (best === undefined ? 0 : count(best)) ? one : best), undefined)
      return root !== undefined && found.includes(root) ? [{ ...rest, place, folder: path === '' ? root : `${root}/${path}` }] : []
    }),
    unread,
  }
}

/** An Application whose path is found from some folders around it. */
interface Named extends Omit<Application, 'folder'> {
  path: string
  found: string[]
}

function named(resource: Resource, folders: ReadonlySet<string>, tree: Tree, unread: Unread[]): Named[] {
  const spec = own(resource.value, 'spec')
  const say = (part: string[], message: string) => unread.push({ place: placeOf(resource, part), reason: 'carrier', message })
  if (resource.kind === 'Application') return sourcesOf(resource, spec, ['spec'], folders, tree, say)
  if (resource.kind !== 'ApplicationSet') return []
  const template = own(own(spec, 'template'), 'spec')
  const found = parameters(resource, own(spec, 'generators'), tree).flatMap((values) => sourcesOf(resource, fill(template, values), ['spec', 'template', 'spec'], folders, tree, say))
  const generators = own(spec, 'generators')
  const unknown = (Array.isArray(generators) ? generators.filter(isObject) : []).flatMap((one) => Object.keys(one)).find((kind) => !['list', 'git', 'selector'].includes(kind))
  if (unknown !== undefined) say(['spec', 'generators'], `what the \`${unknown}\` generator of ${title(resource)} makes is known to Argo CD alone`)
  return found
}

type Say = (part: string[], message: string) => void

function sourcesOf(resource: Resource, spec: unknown, at: string[], folders: ReadonlySet<string>, tree: Tree, say: Say): Named[] {
  const many = own(spec, 'sources')
  const sources = [...(isObject(own(spec, 'source')) ? [{ source: own(spec, 'source'), path: [...at, 'source'] }] : []),
    ...(Array.isArray(many) ? many.map((source: unknown, index) => ({ source, path: [...at, 'sources', String(index)] })) : [])]
  const cluster = destination(own(spec, 'destination'))
  return sources.flatMap(({ source, path }) => {
    const written = own(source, 'path')
    if (typeof written !== 'string' || cluster === undefined || written.includes('{{')) return []
    const steps = written.split('/').filter((step) => step !== '' && step !== '.').join('/')
    const found = foldersAround(outermost(resource.document).file.place).filter((root) => (steps === '' ? root === tree.root : folders.has(`${root}/${steps}`)))
    const changes = Object.keys(isObject(own(source, 'kustomize')) ? own(source, 'kustomize') as object : {}).find((key) => ['images', 'patches', 'namePrefix', 'nameSuffix', 'components'].includes(key))
    if (found.length > 0 && changes !== undefined) say(path, `the \`${changes}\` that ${title(resource)} gives Kustomize are not applied`)
    return found.length === 0 ? [] : [{ path: steps, found, recurse: own(own(source, 'directory'), 'recurse') === true, cluster, place: placeOf(resource, [...path, 'path']) }]
  })
}

/** The name of the cluster, else the host of its API server; undefined where that is yet to be filled in. */
function destination(value: unknown): string | undefined {
  const [name, server] = [text(own(value, 'name')), text(own(value, 'server'))]
  const host = /^https?:\/\/([^/:]+)/.exec(server)?.[1]
  const cluster = name || (host?.startsWith('kubernetes.default') ? IN_CLUSTER : host) || IN_CLUSTER
  return cluster.includes('{{') ? undefined : cluster
}

/** Folders by the one that they lie in, and the outermost that holds them all. */
interface Tree {
  root: string | undefined
  below: ReadonlyMap<string, string[]>
}

function treeOf(folders: ReadonlySet<string>): Tree {
  const below = byFolder(folders)
  let root: string | undefined = ''
  while (below.get(root)?.length === 1) root = below.get(root)![0]!
  return { root, below }
}

type Values = Record<string, string>

/** What the list and git directory generators put into the template; of other generators only the cluster knows. */
function parameters(resource: Resource, generators: unknown, tree: Tree): Values[] {
  return (Array.isArray(generators) ? (generators as unknown[]) : []).flatMap((generator) => {
    const elements = own(own(generator, 'list'), 'elements')
    const directories = own(own(generator, 'git'), 'directories')
    return [...(Array.isArray(elements) ? elements.filter(isObject).map((element) => flat(element)) : []), ...(Array.isArray(directories) ? paths(resource, directories, tree) : [])]
  })
}

function flat(element: Record<string, unknown>, prefix = ''): Values {
  return Object.fromEntries(Object.entries(element).flatMap(([key, value]) => (isObject(value) ? Object.entries(flat(value, `${prefix}${key}.`)) : [[`${prefix}${key}`, String(value)]])))
}

/** The folders that match the patterns, as parameters `path`, `path.basename` and `path[n]`. A `*` stands for one folder. */
function paths(resource: Resource, directories: readonly unknown[], tree: Tree): Values[] {
  const patterns = (exclude: boolean) => directories.filter((one) => (own(one, 'exclude') === true) === exclude).map((one) => text(own(one, 'path')).replace(/^\.\/|\/$/g, '').split('/'))
  for (const root of foldersAround(outermost(resource.document).file.place)) {
    const excluded = new Set(patterns(true).flatMap((pattern) => matching(root, pattern, tree)))
    const matched = [...new Set(patterns(false).flatMap((pattern) => matching(root, pattern, tree)))].filter((folder) => !excluded.has(folder)).map((folder) => folder.slice(root.length + 1))
    if (matched.length > 0) return matched.sort().map((path) => ({ path, 'path.path': path, 'path.basename': path.split('/').at(-1)!, ...Object.fromEntries(path.split('/').map((step, index) => [`path[${index}]`, step])) }))
  }
  return []
}

function matching(root: string, pattern: readonly string[], { below }: Tree): string[] {
  return pattern.reduce<string[]>((some, step) => some.flatMap((folder) => (below.get(folder) ?? []).filter((inner) => wildcard(step, inner.slice(folder.length + 1)))), [root])
}

function wildcard(step: string, name: string): boolean {
  if (!step.includes('*')) return step === name
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
