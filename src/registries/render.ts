import { atLeast, type Version } from '../openshift/version.ts'
import { isWildcard } from './location.ts'
import type { Registry } from './merge.ts'

/** The template of the Machine Config Operator, unchanged since 4.6. */
const SEARCH = 'unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]\nshort-name-mode = ""\n'

/** /etc/containers/registries.conf as the operator of that version writes it, to the byte. */
export function renderRegistriesConf(registries: readonly Registry[], version: Version): string {
  const header = atLeast(version, [4, 19]) ? `${SEARCH}additional-layer-store-auth-helper = ""\n` : SEARCH
  const perMirror = atLeast(version, [4, 13])
  return header + registries.map((registry) => table(registry, perMirror)).join('')
}

function table({ scope, blocked, insecure, mirrors }: Registry, perMirror: boolean): string {
  const wildcard = isWildcard(scope)
  const lines = [`prefix = ${quote(wildcard ? scope : '')}`]
  if (!wildcard) lines.push(`location = ${quote(scope)}`)
  if (insecure) lines.push('insecure = true')
  if (blocked) lines.push('blocked = true')
  if (!perMirror && mirrors.length > 0) lines.push('mirror-by-digest-only = true')
  const head = `\n[[registry]]\n${lines.map((line) => `  ${line}\n`).join('')}`
  return head + mirrors.map((mirror) => {
    const fields = [`location = ${quote(mirror.location)}`]
    if (mirror.insecure) fields.push('insecure = true')
    if (perMirror) fields.push(`pull-from-mirror = "${mirror.pull}-only"`)
    return `\n  [[registry.mirror]]\n${fields.map((field) => `    ${field}\n`).join('')}`
  }).join('')
}

/** A TOML basic string as github.com/BurntSushi/toml writes it. */
function quote(text: string): string {
  const escapes: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' }
  return `"${text.replace(/[\u0000-\u001f"\\\u007f]/g, (char) => escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}
