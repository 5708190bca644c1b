import type { Move } from './plan.ts'
import type { Proof } from './proof.ts'

/** How many names are written out in a command. */
const MOST = 20

/** The safe order of steps for a cluster, each a sentence; none where only an installer reads what changes. */
export function stepsOf(proof: Proof, moves: readonly Move[]): string[] {
  const names = [...new Set(moves.flatMap((move) => move.names.flatMap(({ cluster, name }) => (cluster === proof.name && name !== '' ? [name] : []))))]
  if (names.length === 0) return []
  const several = names.length > 1
  const [old, made] = several ? [`the ${names.length} ICSPs`, `the ${names.length} IDMSs`] : ['the ICSP', 'the IDMS']
  const remove = proof.argo ? `Argo CD deletes ${old} then, if it may prune; else ${removal(names)}` : `delete ${old}: ${removal(names)}`
  const changes = proof.files.length > 0
  const then = changes ? 'then registries.conf changes (above), and the operator updates the nodes pool by pool' : 'again nothing changes on the nodes'
  const builds = proof.version?.startsWith('4.13') ? ['on 4.13, builds and imports into image streams read ICSPs only: where they need the mirrors, keep the ICSPs until the cluster is on 4.14'] : []
  const prune = proof.argo ? ['Argo CD removes what is no longer in the repository: set `PruneLast=true` among the syncOptions first, so that it deletes an ICSP only when its IDMS is there'] : []
  switch (proof.beside) {
    case 'same': return [
      ...prune,
      `apply ${made} beside ${old}: ${changes ? 'as long as both are there,' : 'both say the same, so'} registries.conf stays as it is, byte for byte, and no node is drained or reloaded`,
      'wait until the operator has taken them up: `oc wait machineconfigpool --all --for=condition=Updated --timeout=30m`, and no `image config` error in the log of machine-config-controller',
      ...builds,
      `${remove}; ${then}`,
    ]
    case 'differs': return [
      ...prune,
      `apply ${made} beside ${old}; registries.conf changes (above), so the operator updates the nodes pool by pool`,
      'wait for them: `oc wait machineconfigpool --all --for=condition=Updated --timeout=2h`',
      remove,
    ]
    case 'refused': return [...builds, ...apart(proof, made, removal(names))]
    case 'either': return [
      `see the patch release (\`oc get clusterversion\`): ${EXCLUSIVE} refuse both kinds beside each other; update to a later one first`,
      ...prune,
      `apply ${made} beside ${old}: as long as both are there, registries.conf stays as it is, byte for byte, and no node is drained or reloaded`,
      'wait: `oc wait machineconfigpool --all --for=condition=Updated --timeout=30m`',
      ...builds,
      `${remove}; ${then}`,
    ]
  }
}

/** What the API server takes for a name, which no shell takes for anything else. */
const NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/

/** The command that deletes ICSPs; a name with a placeholder, or that is none, is nothing to paste into a shell. */
function removal(names: readonly string[]): string {
  const shown = names.filter((name) => NAME.test(name)).slice(0, MOST)
  const rest = names.length - shown.length
  return `\`oc delete imagecontentsourcepolicy ${shown.length > 0 ? shown.join(' ') : 'NAME'}\`${shown.length > 0 && rest > 0 ? ` and the other ${rest}` : ''}`
}

const EXCLUSIVE = '4.13.0 to 4.13.26 and 4.14.0 to 4.14.2'

/** Where the kinds exclude each other, there is a moment without mirrors. */
function apart({ version, files }: Proof, made: string, remove: string): string[] {
  return [
    `better update first: ${EXCLUSIVE} refuse both kinds beside each other${version === null ? '' : ` (this is ${version})`}, so there would be a moment without mirrors. If it has to be now:`,
    'pause the pools, so that no node gets what is in between: `oc patch machineconfigpool master worker --type merge -p \'{"spec":{"paused":true}}\'` (and any other pool)',
    `${remove}, then apply ${made} at once`,
    'compare what the operator would write with what the nodes have: `oc get machineconfigpool` shows the same rendered configuration in spec as in status once it is done',
    files.length > 0 ? 'unpause the pools: registries.conf changes (above), so the operator updates the nodes pool by pool' : 'unpause the pools; they have nothing to do, for registries.conf is what it was',
  ]
}
