import { isObject } from './resource.ts'
import { MOST_DEEP } from './yaml.ts'

/** Words that mean something else than themselves, to one reader of YAML or another. */
const MEANS = /^(?:true|false|yes|no|on|off|y|n|null|\.inf|\.nan|\.\d.*|\.\.\.)$/i

/** A scalar as any reader of YAML takes it for what it is. */
export function scalar(value: string | number | boolean | null): string {
  return typeof value === 'string' && /^[A-Za-z_./][\w./-]*$/.test(value) && !MEANS.test(value) ? value : JSON.stringify(value)
}

/**
 * A value of JSON, without fields that are undefined, as YAML in block style: keys in the order of their names and lists as deep as their key, as `oc get -o yaml` prints them. Whoever reads it gets the same value.
 * @throws RangeError where it nests deeper than documents are read.
 */
export function yaml(value: unknown): string {
  const lines: string[] = []
  write(value, '', 0, lines)
  return lines.join('')
}

/** `lines` ends with what stands before the value: nothing, `key:` or `-`. */
function write(value: unknown, indent: string, depth: number, lines: string[]): void {
  if (depth > MOST_DEEP) throw new RangeError(`it nests more than ${MOST_DEEP} levels deep`)
  const before = depth === 0 || lines.at(-1)!.endsWith('- ') ? '' : '\n'
  if (Array.isArray(value) && value.length > 0) {
    const inList = before === '' && depth > 0
    lines.push(inList ? '' : before)
    for (const [index, item] of (value as unknown[]).entries()) {
      lines.push(`${inList && index === 0 ? '' : indent}- `)
      write(item, `${indent}  `, depth + 1, lines)
    }
  } else if (isObject(value) && Object.keys(value).length > 0) {
    lines.push(before)
    for (const [index, key] of Object.keys(value).filter((name) => value[name] !== undefined).sort().entries()) {
      const inner = value[key]
      lines.push(`${before === '' && depth > 0 && index === 0 ? '' : indent}${scalar(key)}:`)
      write(inner, Array.isArray(inner) ? indent : `${indent}  `, depth + 1, lines)
    }
  } else lines.push(`${before === '\n' ? ' ' : ''}${Array.isArray(value) ? '[]' : isObject(value) ? '{}' : scalar((value ?? null) as null)}\n`)
}
