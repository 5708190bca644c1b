import fc from 'fast-check'

/** An entry of a set, as it is in the file. */
export interface Entry {
  source: string
  mirrors: string[]
}

/** How somebody writes a set. */
export interface Style {
  quote: '' | '\'' | '"'
  /** All of an entry, its mirrors alone, or nothing in brackets. */
  flow: 'entry' | 'mirrors' | 'none'
  /** Blanks before a dash. */
  dash: number
  sourceFirst: boolean
  kindLast: boolean
  comments: boolean
  /** Lists that stand twice are written once. */
  anchors: boolean
  served: boolean
  json: boolean
}

export const style: fc.Arbitrary<Style> = fc.record({
  quote: fc.constantFrom('' as const, '\'' as const, '"' as const), flow: fc.constantFrom('none' as const, 'none' as const, 'mirrors' as const, 'entry' as const), dash: fc.constantFrom(2, 4),
  sourceFirst: fc.boolean(), kindLast: fc.boolean(), comments: fc.boolean(), anchors: fc.boolean(), served: fc.boolean(), json: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
})

/** A set as its writer would write it, as the old kind or, by hand, as the new one: without mirrors that stand twice, and without what an API server sets. */
export function written(name: string, entries: readonly Entry[], how: Style, isNew: boolean): string {
  const kind = isNew ? 'ImageDigestMirrorSet' : 'ImageContentSourcePolicy'
  const list = isNew ? 'imageDigestMirrors' : 'repositoryDigestMirrors'
  const apiVersion = isNew ? 'config.openshift.io/v1' : 'operator.openshift.io/v1alpha1'
  const served = how.served && !isNew
  if (how.json) {
    const items = entries.map(({ source, mirrors }) => ({ source, mirrors: isNew ? [...new Set(mirrors)] : mirrors }))
    return `${JSON.stringify({ apiVersion, kind, metadata: { name, ...(served ? { uid: 'x', generation: 1 } : {}) }, spec: { [list]: items } }, null, 2)}\n`
  }
  const { quote, comments } = how
  const quoted = (text: string) => `${quote}${text}${quote}`
  const type = [`apiVersion: ${quoted(apiVersion)}${comments ? ' # group' : ''}`, `kind:   ${quoted(kind)}`]
  const rest = [
    'metadata:', `  name: ${quoted(name)}`, ...(served ? ['  uid: x # of the server', '  managedFields:', '  - manager: kubectl', '    operation: Apply'] : []),
    'spec:', `  ${quoted(list)}:${comments ? ' # mirrors' : ''}`, ...body(entries, how, isNew, quoted),
    ...(served ? ['status: {}'] : []),
  ]
  return [...(comments ? [`# ImageContentSourcePolicy of ${name}`] : []), ...(how.kindLast ? [...rest, ...type] : [...type, ...rest])].map((line) => `${line}\n`).join('')
}

function body(entries: readonly Entry[], how: Style, isNew: boolean, quoted: (text: string) => string): string[] {
  const known = new Map<string, number>()
  const dash = ' '.repeat(how.dash)
  return entries.flatMap(({ source, mirrors }, index) => {
    const same = JSON.stringify(mirrors)
    const earlier = how.anchors ? known.get(same) : undefined
    if (earlier === undefined) known.set(same, index)
    const anchor = how.anchors && entries.some((other, number) => number > index && JSON.stringify(other.mirrors) === same) ? ` &m${index}` : ''
    const fields = [[`source: ${quoted(source)}`]]
    const kept = isNew ? [...new Set(mirrors)] : mirrors
    if (earlier !== undefined) fields.push([`mirrors: *m${earlier}${how.flow === 'entry' ? ' ' : ''}`])
    else if (how.flow !== 'none') fields.push([`mirrors:${anchor} [${kept.map(quoted).join(', ')}]`])
    else fields.push([`mirrors:${anchor}`, ...lines(mirrors, how, isNew, quoted)])
    const [first, ...more] = (how.sourceFirst ? fields : fields.toReversed()).flat()
    if (how.flow === 'entry') return [`${dash}- {${[first, ...more].join(', ')}}${how.comments ? ` # ${index}` : ''}`]
    return [...(how.comments ? [`${dash}# entry ${index}`] : []), `${dash}- ${first}`, ...more.map((line) => `${dash}  ${line}`)]
  })
}

/** A comment above a mirror stays when that goes, the one behind it does not. */
function lines(mirrors: readonly string[], { comments }: Style, isNew: boolean, quoted: (text: string) => string): string[] {
  return mirrors.flatMap((mirror, index) => [
    ...(comments && index % 2 === 1 ? [`# above ${index}`] : []),
    ...(isNew && mirrors.indexOf(mirror) < index ? [] : [`- ${quoted(mirror)}${comments ? ` # behind ${index}` : ''}`]),
  ])
}
