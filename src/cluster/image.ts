import type { Path } from '../manifests/document.ts'
import { own, type Resource } from '../manifests/resource.ts'
import { flaws, PLACEHOLDER } from './mirrors.ts'

/** A registry in one of the lists of image.config.openshift.io/cluster, and where it stands. */
export interface Scope {
  value: string
  /** In the resource. */
  path: Path
}

const LISTS = { insecure: 'insecureRegistries', blocked: 'blockedRegistries', allowed: 'allowedRegistries', search: 'containerRuntimeSearchRegistries' } as const

/** `registrySources` of image.config.openshift.io/cluster. A list is absent where it is not set. */
export interface ImageConfig extends Partial<Record<keyof typeof LISTS, Scope[]>> {
  resource: Resource
  /** Some list holds a placeholder, so it cannot be told what is in force. */
  open: boolean
}

/** The configuration of images of the whole cluster: only this name has an effect. */
export function isImageConfig({ kind, apiVersion, name }: Resource): boolean {
  return kind === 'Image' && apiVersion === 'config.openshift.io/v1' && name === 'cluster'
}

/** Reads it; `problem` is told what of it is yet to be filled in, in a clause. */
export function imageConfig(resource: Resource, problem: (message: string) => void): ImageConfig {
  const sources = own(own(resource.value, 'spec'), 'registrySources')
  const whole = flaws('Image', resource.value).open
  const config: ImageConfig = { resource, open: whole.length > 0 }
  if (whole.length > 0) problem(`parts of Image/cluster are placeholders such as \`${whole[0]}\``)
  for (const [list, field] of Object.entries(LISTS) as [keyof typeof LISTS, string][]) {
    const items = own(sources, field) ?? undefined
    if (items === undefined) continue
    if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) continue // the API server refuses it
    const scopes = items.map((value, index): Scope => ({ value, path: ['spec', 'registrySources', field, index] }))
    const open = scopes.find(({ value }) => PLACEHOLDER.test(value))
    config.open ||= open !== undefined
    if (open) problem(`\`${field}\` of Image/cluster holds a placeholder such as \`${open.value}\``)
    config[list] = scopes.filter(({ value }) => !PLACEHOLDER.test(value))
  }
  return config
}
