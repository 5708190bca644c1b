import { Ajv } from 'ajv'
import * as assert from 'uvu/assert'

/** Holds values against a JSON Schema; `what` names the one that fails. */
export function validator(schema: object, Compiler: new (options: object) => Ajv = Ajv): (value: unknown, what: string) => void {
  const validate = new Compiler({ strict: false, allErrors: true, unicodeRegExp: false, validateFormats: false }).compile(schema)
  return (value, what) => assert.ok(validate(value), `${what}: ${JSON.stringify(validate.errors?.slice(0, 3), null, 1)}`)
}
