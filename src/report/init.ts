import type { Proposal, Proposals } from '../init.ts'
import type { Cluster } from '../clusters.ts'
import { scalar } from '../manifests/write.ts'
import { type Row, rowsText } from './yaml.ts'

/** What flags say of all clusters. */
interface Said {
  openshift: string | undefined
  disconnected: boolean | undefined
}

/** The first configuration of a repository, as a file. */
export function initText(proposals: Proposals, said: Said): string {
  const rows = 'none' in proposals
    ? [...undeclared(proposals.none, proposals.others), ...TEMPLATE]
    : [...HEAD, ...found(proposals.others), '', 'clusters:', ...proposals.declared.flatMap((one) => declared(one, proposals.declared, said))]
  return rowsText(rows.map((row) => (typeof row === 'string' ? { text: row } : row)))
}

const HEAD = [
  '# A first configuration, written by mirrorproof init from what the manifests say. Please check:',
  '# - Are these the clusters, and does each get what lies in its paths? mirrorproof clusters shows what that is.',
  '# - Is the OpenShift version of each known? It decides what is an error.',
  '# - Can nodes reach public registries? Where they cannot, say disconnected: true.',
  '# What is declared here is taken for sure, and a file outside of all paths is judged in no cluster. docs/usage.md tells what else can be said.',
]

const TEMPLATE = [
  '#', '# To declare clusters all the same (then all of them), or one that is missing:', '#', '# clusters:', '# - name: NAME', '#   version: "X.Y"', '#   disconnected: true', '#   paths: [FOLDER, FILE]',
]

function undeclared(why: string, others: readonly Cluster[]): string[] {
  return [
    '# A first configuration, written by mirrorproof init. It declares no clusters, so that they are found as before:',
    `# ${why}.`,
    ...others.map(({ name, why: reason }) => `# - ${name}: ${reason}`),
    '# mirrorproof clusters shows what each holds, and its OpenShift version. docs/usage.md tells what else can be said here.',
  ]
}

function found(others: readonly Cluster[]): string[] {
  return others.length === 0 ? [] : ['#', '# Found by themselves, whatever is declared here:', ...others.map(({ name, why }) => `# - ${name}: ${why}`)]
}

function declared({ name, paths, cluster }: Proposal, all: readonly Proposal[], { openshift, disconnected }: Said): Row[] {
  const others = (path: string) => all.filter((one) => one.name !== name && one.paths.includes(path)).map((one) => one.name)
  return [
    { text: `- name: ${scalar(name)}`, comment: cluster.why },
    openshift !== undefined ? { text: `  version: ${scalar(openshift)}`, comment: '--openshift' }
      : cluster.version ? { text: `  # version: ${scalar(cluster.version.text)}`, comment: `read from ${cluster.versionWhy}; say it here only where that is wrong` }
        : { text: '  # version: "X.Y"', comment: `${cluster.versionWhy}; rules that depend on it are milder` },
    disconnected ? { text: '  disconnected: true', comment: '--disconnected' } : { text: '  # disconnected: true', comment: 'can its nodes reach no public registry? Nothing here says so' },
    { text: '  paths:' },
    ...paths.map((path): Row => {
      const shared = others(path)
      const text = `  - ${scalar(path)}`
      return shared.length === 0 ? { text } : { text, comment: `shared with ${shared.length > 3 ? `${shared.length} others` : shared.join(', ')}` }
    }),
  ]
}
