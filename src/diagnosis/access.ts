import { installConfigTitle, isInstallConfig } from '../carriers/install.ts'
import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import { locate, type Site } from '../manifests/position.ts'
import { isObject, own, placeOf, type Resource, text, title } from '../manifests/resource.ts'
import { pullSecrets } from '../policy/settings.ts'

/** What nodes of a cluster have to be let in by registries, as far as the manifests tell. */
export interface Access {
  /** The ConfigMap that Image/cluster names in `additionalTrustedCA`, and the keys in it; null where it names none, undefined where that is not known. */
  trust: { name: string; keys: ReadonlySet<string> | undefined; site: Site | null } | null | undefined
  /** The bundle that nodes trust for all registries, what the installer makes it of, or what Proxy/cluster names. */
  bundle: { title: string; site: Site } | undefined
  /** The global pull secret, and the registries in it. */
  credentials: { title: string; registries: readonly string[]; site: Site | null } | undefined
}

export const UNKNOWN_ACCESS: Access = { trust: undefined, bundle: undefined, credentials: undefined }

/** Of secrets, nothing but the names of registries is looked at. */
export function accessOf({ members }: Pick<Group<Candidate>, 'members'>): Access {
  const settings = members.flatMap((member) => (member.type === 'setting' ? [member] : []))
  const image = members.findLast((member) => member.type === 'image')?.image.resource
  const name = image && text(own(own(own(image.value, 'spec'), 'additionalTrustedCA'), 'name'))
  const map = settings.find(({ setting, resource }) => setting === 'trust' && resource.name === name)?.resource
  const data = map && own(map.value, 'data')
  const bundles = settings.flatMap(({ setting, resource }) => (setting === 'bundle' ? [resource] : []))
  const bundle = bundles.findLast(({ kind }) => kind !== 'Proxy') ?? bundles[0]
  const secrets = pullSecrets(members)
  const secret = secrets.find(({ resource }) => resource.kind === 'Secret') ?? secrets[0]
  return {
    trust: image === undefined ? undefined : !name ? null
      : { name, keys: map && new Set(isObject(data) ? Object.keys(data) : []), site: map ? siteOf(map, ['data']) : siteOf(image, ['spec', 'additionalTrustedCA', 'name']) },
    bundle: bundle && bundleOf(bundle),
    credentials: secret && { title: secret.title, registries: secret.registries, site: siteOf(secret.resource, secret.path) },
  }
}

/** Where Proxy/cluster alone is here, its ConfigMap is known by its name. */
function bundleOf(resource: Resource): Access['bundle'] {
  const [name, path] = isInstallConfig(resource) ? [installConfigTitle(resource), ['additionalTrustBundle']] as const
    : resource.kind === 'Proxy' ? [`ConfigMap/${text(own(own(own(resource.value, 'spec'), 'trustedCA'), 'name'))} of Proxy/cluster`, ['spec', 'trustedCA', 'name']] as const : [title(resource), ['data']] as const
  return { title: name, site: siteOf(resource, path) }
}

function siteOf(resource: Parameters<typeof placeOf>[0], path: Parameters<typeof placeOf>[1]): Site {
  const place = placeOf(resource, path)
  return locate(place.document, place.path)
}

/** Whether a list of registries, as a pull secret has them, holds one for a repository. */
export function isKnown(registries: readonly string[], repository: string): boolean {
  return registries.some((one) => repository === one || repository.startsWith(`${one}/`))
}
