import { inside, isObject, own, type Resource, text } from '../manifests/resource.ts'
import { type Contents, holding } from './contents.ts'

/** A value may be asked for without end: so much of values is filled in, the rest stays as it is written. In characters. */
const MOST = 16 * 1024 * 1024

/** How deep brackets may nest in the value of a parameter. */
const MOST_DEEP = 100

/** The objects of an OpenShift Template, with the values that its parameters have by themselves; what has none stays as it is written. */
export function template(carrier: Resource): Contents {
  const objects = own(carrier.value, 'objects')
  const parameters = new Map<string, string>()
  const list = own(carrier.value, 'parameters')
  for (const parameter of Array.isArray(list) ? (list as unknown[]) : []) {
    const value = own(parameter, 'value')
    if (typeof value === 'string') parameters.set(text(own(parameter, 'name')), value)
  }
  if (!Array.isArray(objects)) return holding([])
  const room = { left: MOST }
  return holding(objects.flatMap((object: unknown, index) => {
    const filled = isObject(object) ? fill(object, parameters, room) : undefined
    return isObject(filled) ? [inside(carrier, ['objects', index], filled)] : []
  }))
}

/** `${NAME}` is put into a string; a string that is `${{NAME}}` becomes what the value is as JSON. Follows `oc process`. */
function fill(value: unknown, parameters: ReadonlyMap<string, string>, room: { left: number }): unknown {
  if (typeof value === 'string') return value.includes('${') ? filled(value, parameters, room) : value
  if (Array.isArray(value)) return value.map((item) => fill(item, parameters, room))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, parameters, room)]))
  return value
}

function filled(value: string, parameters: ReadonlyMap<string, string>, room: { left: number }): unknown {
  const whole = /^\$\{\{(\w+)\}\}$/.exec(value)
  const json = whole && parameters.get(whole[1]!)
  if (whole && json !== null && json !== undefined && take(json, room)) return parsed(json)
  return value.replace(/\$\{(\w+)\}/g, (reference, name: string) => {
    const text = parameters.get(name)
    return text !== undefined && take(text, room) ? text : reference
  })
}

function take(text: string, room: { left: number }): boolean {
  room.left -= text.length
  return room.left >= 0
}

/** As it stands where it is no JSON, or nests deeper than any object does. */
function parsed(json: string): unknown {
  if (depth(json) > MOST_DEEP) return json
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json
  }
}

function depth(json: string): number {
  let [open, most] = [0, 0]
  for (const char of json) {
    if (char === '[' || char === '{') most = Math.max(most, ++open)
    else if (char === ']' || char === '}') open--
  }
  return most
}
