import type { Document, Place } from '../manifests/document.ts'
import { parse } from '../manifests/parse.ts'
import { outermost } from '../manifests/position.ts'
import type { Budget } from './contents.ts'

/** What was parsed of the strings of a document, by text; and its documents by place, so that whoever reads one again gets the same. */
interface Known {
  texts: Map<string, ReturnType<typeof parse>>
  documents: Map<string, Document[]>
}

const read = new WeakMap<Document, Known>()

/** The documents of a manifest that is written in a string at `within`; undefined where it is a template. */
export function embedded(text: string, within: Place, budget: Budget): Document[] | undefined {
  budget.characters -= text.length
  if (budget.characters < 0) return [unreadable('the strings around it hold more than is read', within)]
  const known: Known = read.get(within.document) ?? { texts: new Map(), documents: new Map() }
  read.set(within.document, known)
  const { path, place } = outermost(within.document).file
  const parsed = known.texts.get(text) ?? parse({ path, place, text, named: true }, () => true)
  known.texts.set(text, parsed)
  if (parsed.skipped.length > 0) return undefined
  const key = JSON.stringify([within.path, text.length])
  const documents = known.documents.get(key)?.filter((one) => one.file.text === text) ?? []
  if (documents.length === parsed.documents.length) return documents
  const made = parsed.documents.map((document) => ({ ...document, within }))
  known.documents.set(key, made)
  return made
}

/** A value that was read from a string at `within`, as a document of its own. */
export function inString(value: unknown, within: Place): Document {
  const { path, place } = outermost(within.document).file
  return { file: { path, place, text: '', named: true }, start: 0, end: 0, index: 0, value, within }
}

/** A string that cannot be read as what it should be. */
export function unreadable(message: string, within: Place): Document {
  return { ...inString(undefined, within), problem: { message, offset: 0, readable: false } }
}

/** Unpacks gzip. @throws Error in a clause where it cannot, or where that is more than any node's file would be. */
export type Gunzip = (packed: Uint8Array) => Uint8Array

/** What a `data:` URL holds, unpacked; an Ignition file may be compressed. @throws Error in a clause, never with an excerpt. */
export function dataUrl(url: string, compression: unknown, gunzip: Gunzip): string | undefined {
  const match = /^data:([^,]*),/.exec(url)
  if (!match) return undefined
  const body = url.slice(match[0].length)
  let bytes = /;base64$/i.test(match[1]!.trim()) ? base64(body) : percentDecoded(body)
  if (compression === 'gzip') bytes = gunzip(bytes)
  return new TextDecoder().decode(bytes)
}

/** @throws Error where it is no base64. */
export function base64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0))
  } catch {
    throw new Error('the base64 cannot be decoded')
  }
}

function percentDecoded(text: string): Uint8Array {
  const bytes: number[] = []
  const raw = new TextEncoder().encode(text)
  for (let index = 0; index < raw.length; index++) {
    const code = raw[index] === 0x25 ? Number.parseInt(text2(raw, index + 1), 16) : Number.NaN
    bytes.push(Number.isNaN(code) ? raw[index]! : code)
    if (!Number.isNaN(code)) index += 2
  }
  return Uint8Array.from(bytes)
}

function text2(raw: Uint8Array, at: number): string {
  const pair = String.fromCharCode(raw[at] ?? 0, raw[at + 1] ?? 0)
  return /^[0-9a-fA-F]{2}$/.test(pair) ? pair : ''
}
