import { isUtf8 } from 'node:buffer'

/** Larger files are not read: a cluster would not take an object of a tenth of this. In bytes. */
export const LARGEST = 16 * 1024 * 1024

/** The text of a file, without its byte order mark; undefined where the bytes are neither UTF-8 nor marked UTF-16. */
export function decode(bytes: Uint8Array): string | undefined {
  const encoding = marked(bytes)
  if (encoding === 'utf-8' && !isUtf8(bytes)) return undefined
  return new TextDecoder(encoding).decode(bytes)
}

/** UTF-16 is read where a byte order mark says so, as Go's YAML decoder does. */
export function marked(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}
