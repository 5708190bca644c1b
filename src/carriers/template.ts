import { inside, isObject, own, type Resource, text } from '../manifests/resource.ts'
import { type Contents, holding } from './contents.ts'

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
  return holding(objects.flatMap((object: unknown, index) => {
    const filled = isObject(object) ? fill(object, parameters) : undefined
    return isObject(filled) ? [inside(carrier, ['objects', index], filled)] : []
  }))
}

/** `${NAME}` is put into a string; a string that is `${{NAME}}` becomes what the value is as JSON. Follows `oc process`. */
function fill(value: unknown, parameters: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.includes('${') ? filled(value, parameters) : value
  if (Array.isArray(value)) return value.map((item) => fill(item, parameters))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, parameters)]))
  return value
}

function filled(value: string, parameters: ReadonlyMap<string, string>): unknown {
  const whole = /^\$\{\{(\w+)\}\}$/.exec(value)
  const json = whole && parameters.get(whole[1]!)
  if (whole && json !== null && json !== undefined) return parsed(json)
  return value.replace(/\$\{(\w+)\}/g, (reference, name: string) => parameters.get(name) ?? reference)
}

/** As it stands where it is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json
  }
}
