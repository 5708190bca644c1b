import type { Disk } from './disk.ts'
import { FILES } from './disk.ts'

/** The file system, with other texts for some files, by where they really are; standard input is read once. */
export function overlay(texts: ReadonlyMap<string, string>): Disk {
  return {
    ...FILES,
    bytes: (place) => {
      const text = texts.get(place)
      return text === undefined ? FILES.bytes(place) : Buffer.from(text)
    },
  }
}
