import {
  boolYaml11Tag, CORE_SCHEMA, defineMappingTag, defineScalarTag, defineSequenceTag, mapTag, mergeTag, NOT_RESOLVED, nullYaml11Tag, seqTag,
} from 'js-yaml'

/** How deep collections may nest. Go's decoder goes further; no object does. */
export const MOST_DEEP = 1_000

const DIGITS = [...'+-.0123456789']
const INT = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

function integer(source: string): number | typeof NOT_RESOLVED {
  const match = INT.exec(source.replaceAll('_', ''))
  if (!match) return NOT_RESOLVED
  const [, sign, hex, binary, octal, decimal] = match
  const value = hex ? parseInt(hex, 16) : binary ? parseInt(binary, 2) : octal ? parseInt(octal, 8) : Number(decimal)
  return sign === '-' ? -value : value
}

function float(source: string): number | typeof NOT_RESOLVED {
  const plain = source.replaceAll('_', '')
  return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : NOT_RESOLVED
}

const scalar = (name: string, resolve: (source: string) => number | typeof NOT_RESOLVED) =>
  defineScalarTag(`tag:yaml.org,2002:${name}`, { implicit: true, implicitFirstChars: DIGITS, identify: () => false, resolve })

const binary = defineScalarTag('tag:yaml.org,2002:binary', {
  identify: () => false,
  resolve: (source) => new TextDecoder().decode(Uint8Array.from(atob(source.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0))),
})

/** Go's decoder reads past a tag it does not know (`!vault`, `!reference`); so do these. */
const unknown = [
  defineScalarTag('!', { matchByTagPrefix: true, identify: () => false, resolve: (source) => source }),
  defineSequenceTag('!', { ...seqTag, matchByTagPrefix: true, identify: () => false }),
  defineMappingTag('!', { ...mapTag, matchByTagPrefix: true, identify: () => false }),
]

/**
 * Reads scalars as `sigs.k8s.io/yaml` does on their way to the API server: YAML 1.1 booleans and octals (`0644` is 420, `yes` is true),
 * merge keys, but no sexagesimals and no dates. Held against the Go decoder by test/conformance/yaml.
 */
export const KUBERNETES_SCHEMA = CORE_SCHEMA.withTags(
  mergeTag, boolYaml11Tag, nullYaml11Tag, scalar('int', integer), scalar('float', float), binary, unknown,
)
