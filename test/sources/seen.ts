import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DiffReport } from '../../src/report/diff.ts'
import { diff, type Files } from '../repository.ts'

/** Of a source that lacks a mirror, one warning tells in which revision it was read. */
export const bare = (name: string): string => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: ${name}}\nspec:\n  imageDigestMirrors:\n  - source: quay.io/${name}\n`
export const empty = (): string => mkdtempSync(join(tmpdir(), 'mirrorproof-'))

/** What is there before, after and on both sides, as far as `diff` sees it; or what it complains of. */
export function seen(cwd: string, args: readonly string[], options: Parameters<typeof diff>[2] = {}): { gone?: string[]; fresh?: string[]; kept?: number; unread?: string[]; says?: string } {
  const { code, stdout, stderr } = diff(cwd, [...args, '--format', 'json'], options)
  const says = stderr.replaceAll('mirrorproof: ', '').trim()
  if (stdout === '') return { says: `${code}: ${says}` }
  const { findings, skipped } = JSON.parse(stdout) as DiffReport
  const names = (all: readonly { object: { name: string } | null }[]) => all.map(({ object }) => object!.name).sort()
  return {
    ...(findings.gone.length > 0 ? { gone: names(findings.gone) } : {}), ...(findings.new.length > 0 ? { fresh: names(findings.new) } : {}),
    ...(findings.unchanged > 0 ? { kept: findings.unchanged } : {}), ...(skipped.length > 0 ? { unread: skipped.map(({ file, reason }) => `${file}: ${reason}`).sort() } : {}), ...(says === '' ? {} : { says }),
  }
}

export const OLD_NEW: Files[] = [{ 'a.yaml': bare('old') }, { 'a.yaml': bare('new') }]
export const CHANGED = { gone: ['old'], fresh: ['new'] }
