import type { MirrorSet } from '../../cluster/mirrors.ts'
import { since, type Version } from '../../openshift/version.ts'
import type { Form } from './form.ts'

/** The form that a cluster should use, and why, in a clause. */
export function choice(sets: readonly Pick<MirrorSet, 'kind'>[], version: Version | undefined, hosted: boolean): { form: Form; why: string } {
  if (hosted) return { form: 'hosted-cluster', why: 'the nodes of a hosted cluster take their mirrors from its HostedCluster' }
  if (!since(version, 4, 13)) return { form: 'icsp', why: `OpenShift ${version!.text} knows ImageContentSourcePolicy alone` }
  if (since(version, 4, 14)) return { form: 'idms', why: `from OpenShift 4.14 on everything reads ImageDigestMirrorSet${version ? ` (this is ${version.text})` : ''}` }
  const old = sets.length > 0 && sets.every(({ kind }) => kind === 'ImageContentSourcePolicy')
  return old
    ? { form: 'icsp', why: 'on OpenShift 4.13 a cluster keeps the kind that it uses, and it has ImageContentSourcePolicies alone' }
    : { form: 'idms', why: 'on OpenShift 4.13 a cluster keeps the kinds that it uses, and it has the newer ones' }
}
