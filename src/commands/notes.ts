import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import type { Clusters } from '../clusters.ts'
import type { Skipped } from '../manifests/document.ts'
import { locate } from '../manifests/position.ts'
import { title } from '../manifests/resource.ts'

/** What was met in the manifests and is not part of any cluster's configuration, so that a result may lack it. */
export function unread(skipped: readonly Skipped[], { groups, strays, skipped: more }: Clusters): string[] {
  const members = new Set([...groups.flatMap((group) => group.members), ...strays])
  return [
    ...[...skipped, ...more].map(({ file, line, message }) => `${file}${line ? `:${line}` : ''}: not read: ${message}`),
    ...[...members].flatMap(lost),
  ]
}

function lost(member: Candidate): string[] {
  if (member.type === 'document') return [`${member.file}:${locate(member.document, []).line}: cannot be read: ${member.document.problem!.message}`]
  if (member.type !== 'misplaced') return []
  const { document, path, apiVersion, kind } = member.resource
  return [`${member.file}:${locate(document, path).line}: not applied: there is no ${kind} in ${apiVersion || 'an empty apiVersion'} (${title(member.resource)})`]
}

/** The clusters whose OpenShift version is not known. */
export function unversioned(groups: readonly Group<Candidate>[]): string[] {
  const names = groups.filter(({ version }) => !version).map(({ name }) => name)
  return names.length > 0 ? [`the OpenShift version of ${names.join(', ')} is not known; the newest is assumed (--openshift)`] : []
}
