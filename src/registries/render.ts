import { since, type Version } from '../openshift/version.ts'
import { tableOf, type Table } from './conf.ts'
import type { Registry } from './merge.ts'

/** The registries for short names that the operator's template names, unchanged since 4.6. */
export const SEARCH: readonly string[] = ['registry.access.redhat.com', 'docker.io']

/** The file as it stands on a node where nothing is configured. */
export const TEMPLATE = `unqualified-search-registries = [${SEARCH.map((registry) => `'${registry}'`).join(', ')}]\n`

/**
 * A registries.conf as the operator of that version writes it, to the byte; a version that is not known counts as the newest.
 * With no registries but other search registries, it is the drop-in for `containerRuntimeSearchRegistries`.
 */
export function renderRegistriesConf(registries: readonly Registry[], version: Version | undefined, search = SEARCH): string {
  const header = [`unqualified-search-registries = [${search.map(quote).join(', ')}]`, 'short-name-mode = ""']
  if (since(version, 4, 19)) header.push('additional-layer-store-auth-helper = ""')
  return `${header.join('\n')}\n${tables(registries, version)}`
}

/** The same mirrors as a registries.conf for a host that no operator looks after: of the header, what every version of containers/image knows. */
export function renderHostConf(registries: readonly Registry[], version: Version | undefined, search = SEARCH): string {
  return `unqualified-search-registries = [${search.map(quote).join(', ')}]\n${tables(registries, version)}`
}

function tables(registries: readonly Registry[], version: Version | undefined): string {
  return registries.map((registry) => table(tableOf(registry, since(version, 4, 13)))).join('')
}

function table({ prefix, location, insecure, blocked, mirrorByDigestOnly, mirrors }: Table): string {
  const lines = [`prefix = ${quote(prefix)}`]
  if (location !== '') lines.push(`location = ${quote(location)}`)
  if (insecure) lines.push('insecure = true')
  if (blocked) lines.push('blocked = true')
  if (mirrorByDigestOnly) lines.push('mirror-by-digest-only = true')
  const head = `\n[[registry]]\n${lines.map((line) => `  ${line}\n`).join('')}`
  return head + mirrors.map((mirror) => {
    const fields = [`location = ${quote(mirror.location)}`]
    if (mirror.insecure) fields.push('insecure = true')
    if (mirror.pullFromMirror !== '') fields.push(`pull-from-mirror = "${mirror.pullFromMirror}"`)
    return `\n  [[registry.mirror]]\n${fields.map((field) => `    ${field}\n`).join('')}`
  }).join('')
}

/** A TOML basic string as github.com/BurntSushi/toml writes it. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f')
}
