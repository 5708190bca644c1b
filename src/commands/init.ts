import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { check, type CheckOptions, type Report } from '../check.ts'
import type { Declaration } from '../cluster/group.ts'
import { clusters } from '../clusters.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { type Proposals, propose } from '../init.ts'
import { basename } from '../manifests/place.ts'
import { isRelevant } from '../openshift/kinds.ts'
import { type ClustersReport, clustersJson } from '../report/clusters.ts'
import { initText } from '../report/init.ts'
import { NAME, readConfig } from '../sources/config.ts'
import { display } from '../sources/display.ts'
import { readPaths, type Sources } from '../sources/paths.ts'
import { enginesOf } from './engines.ts'
import { today, versionOf } from './options.ts'

export const HELP = `mirrorproof init - write a first configuration from what is in the manifests

Usage
  mirrorproof init [PATH] [flags]

  Looks at the manifests in PATH, a folder (none means the current one), and writes PATH/.mirrorproof.yaml: the clusters that
  mirrorproof clusters finds there, each with the folders and files that are its own or shared, and as comments what is not known. It
  tries what it writes: where declared clusters would hold other objects or other findings than before, it declares none and says why.

Flags
  --openshift X.Y[.Z]   the OpenShift version of all clusters, to be written
  --disconnected        the nodes of all clusters cannot reach public registries, to be written

Exit status
  0  written
  2  wrong usage, there is a configuration already, or nothing tells of a cluster
  3  it cannot be written

Example
  mirrorproof init && mirrorproof clusters
`

/** `mirrorproof init`: from no configuration to a first one. */
export async function run(paths: string[], flags: Flags): Promise<Outcome> {
  const [path = '.', ...more] = paths
  if (more.length > 0 || !existsSync(join(path, '/'))) throw new UserError('init takes one folder')
  const existing = readConfig([path], undefined)
  if (existing) throw new UserError(`there is a configuration already: ${existing.file.path}`)
  const folder = resolve(path)
  const version = versionOf(flags, 'openshift')
  const options = { today: today(), clusters: [], name: basename(folder) || 'cluster', ...(version ? { version } : {}), ...(flags.disconnected === undefined ? {} : { disconnected: flags.disconnected }) }
  const { proposals, risen } = await tried(folder, await readPaths([path], isRelevant), options)
  const text = initText(proposals, { openshift: flags.openshift, disconnected: flags.disconnected })
  const file = join(path, NAME)
  write(file, text)
  const given = (['openshift', 'disconnected'] as const).filter((flag) => flags[flag] !== undefined).map((flag) => `--${flag} is not written, for no cluster is declared`)
  const firmer = risen === 0 ? '' : `What is declared is taken for sure: ${risen} finding${risen === 1 ? ' is' : 's are'} more severe than before.\n`
  return { output: `wrote ${display(file)}:\n\n${text}\n${firmer}Check what it says against mirrorproof clusters; mirrorproof config shows what is in force, mirrorproof check what is wrong.\n`, code: 0, notes: 'none' in proposals ? given : [] }
}

/** Proposals that change nothing: neither what clusters hold nor what is found. `risen` counts findings that are more severe with them. */
async function tried(folder: string, sources: Sources, options: CheckOptions): Promise<{ proposals: Proposals; risen: number }> {
  const { groups, apart } = clusters(sources, options)
  if (groups.length === 0) throw new UserError(`nothing in ${display(folder)} tells of a cluster; is it the right folder?`)
  const proposals = propose(folder, groups, apart)
  if ('none' in proposals) return { proposals, risen: 0 }
  const engines = await enginesOf([])
  const declared = proposals.declared.map(({ name, paths }): Declaration => ({ name, paths: paths.map((inner) => resolve(folder, inner)) }))
  const [before, after] = [check(sources, 0, options, engines), check(sources, 0, { ...options, clusters: declared }, engines)]
  const changed = !same(held(before), held(after)) ? 'hold other objects than now' : !same(prints(before), prints(after)) ? 'have other findings than now' : undefined
  if (changed !== undefined) return { proposals: { none: `declared by folders and files, they would ${changed}`, others: groups }, risen: 0 }
  const levels = new Map(before.findings.map(({ fingerprint, level }) => [fingerprint, level]))
  return { proposals, risen: after.findings.filter(({ fingerprint, level }) => levels.get(fingerprint) !== level).length }
}

/** What `mirrorproof clusters` would say of each cluster, but for its name and the reason. */
function held({ clusters: judged }: Report): string[] {
  const report = JSON.parse(clustersJson(judged, [])) as ClustersReport
  return report.clusters.map(({ openshift, disconnected, objects, images }) => JSON.stringify([openshift, disconnected, objects, images])).sort()
}

function prints({ findings }: Report): string[] {
  return findings.map(({ rule, fingerprint }) => `${rule} ${fingerprint}`).sort()
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index])
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    throw new UserError(`cannot write ${display(file)} (${(error as NodeJS.ErrnoException).code})`, 3)
  }
}
