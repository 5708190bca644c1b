import type { Document } from '../manifests/document.ts'
import { own, placeOf, type Resource, text, title } from '../manifests/resource.ts'
import type { RegistriesConf } from '../registries/conf.ts'
import { REGISTRIES_CONF } from '../registries/node.ts'
import type { Unread } from './contents.ts'
import { dataUrl, type Gunzip, unreadable } from './embedded.ts'
import { readToml } from './registriesconf.ts'

/** A registries.conf, or a drop-in, that a MachineConfig puts on nodes. */
export interface NodeFile {
  resource: Resource
  /** The path on the node. */
  path: string
  /** The pool of nodes, as the object's label says; empty where it does not. */
  role: string
  text: string
  conf: RegistriesConf
  document: Document
}

/** Whether a controller of the Machine Config Operator wrote it: from mirror sets, from its templates, or of all that is for a pool. */
export function isRendered({ kind, value }: Resource): boolean {
  return kind === 'MachineConfig' && own(own(own(value, 'metadata'), 'annotations'), 'machineconfiguration.openshift.io/generated-by-controller-version') !== undefined
}

const ROLE = 'machineconfiguration.openshift.io/role'

/** The files of a MachineConfig that say where images are pulled from. `broken` are those that cannot be read. */
export function nodeFiles(resource: Resource, gunzip: Gunzip): { files: NodeFile[]; broken: Document[]; unread: Unread[] } {
  const result: ReturnType<typeof nodeFiles> = { files: [], broken: [], unread: [] }
  if (resource.kind !== 'MachineConfig') return result
  const role = text(own(own(own(resource.value, 'metadata'), 'labels'), ROLE))
  const files = own(own(own(own(resource.value, 'spec'), 'config'), 'storage'), 'files')
  for (const [index, file] of (Array.isArray(files) ? (files as unknown[]) : []).entries()) {
    const path = text(own(file, 'path'))
    if (path !== REGISTRIES_CONF && !(path.startsWith(`${REGISTRIES_CONF}.d/`) && path.endsWith('.conf'))) continue
    const contents = own(file, 'contents')
    const source = own(contents, 'source')
    const within = placeOf(resource, ['spec', 'config', 'storage', 'files', index, 'contents', 'source'])
    if (typeof source === 'string' && /\$\w|\{\{|[<>]/.test(source)) {
      result.unread.push({ place: within, reason: 'placeholder', message: `${path} of ${title(resource)} is yet to be filled in` })
      continue
    }
    try {
      const toml = typeof source === 'string' ? dataUrl(source, own(contents, 'compression'), gunzip) : ''
      if (toml === undefined) result.unread.push({ place: within, reason: 'carrier', message: `${path} of ${title(resource)} is fetched from elsewhere` })
      else result.files.push({ resource, path, role, text: toml, ...readToml(toml, within, path !== REGISTRIES_CONF) })
    } catch (error) {
      result.broken.push(unreadable((error as Error).message, within))
    }
  }
  return result
}
