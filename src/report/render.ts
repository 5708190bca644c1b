import type { Version } from '../openshift/version.ts'

/** What `render --format json` prints. Fields are only ever added. */
export interface RenderReport {
  version: 1
  cluster: string
  /** Null where the OpenShift version is not known; the newest is assumed. */
  openshift: string | null
  /** What the operator writes on nodes; the first is /etc/containers/registries.conf. */
  files: { path: string; content: string }[]
}

export function renderJson(cluster: string, version: Version | undefined, files: RenderReport['files']): string {
  const report: RenderReport = { version: 1, cluster, openshift: version?.text ?? null, files }
  return `${JSON.stringify(report, null, 2)}\n`
}
