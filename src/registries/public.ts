const HOSTS = new Set([
  'docker.io', 'gcr.io', 'ghcr.io', 'icr.io', 'lscr.io', 'mcr.microsoft.com', 'nvcr.io', 'public.ecr.aws', 'quay.io',
  'registry.gitlab.com', 'registry.k8s.io', 'k8s.gcr.io', 'registry.suse.com', 'cp.icr.io', 'docker.elastic.co', 'container-registry.oracle.com',
  'registry.developers.crunchydata.com', 'projects.registry.vmware.com', 'registry.ci.openshift.org',
])
const SUFFIXES = ['.docker.io', '.gcr.io', '.pkg.dev', '.quay.io', '.redhat.io', '.access.redhat.com', '.connect.redhat.com', '.marketplace.redhat.com']

/** Whether everybody knows a registry, so that nodes of a disconnected cluster do not reach it. The rules say the same (policies/lib/lib.rego, is_public). */
export function isPublic(location: string): boolean {
  const host = location.split(/[/:]/, 1)[0]!
  return HOSTS.has(host) || SUFFIXES.some((suffix) => host.endsWith(suffix))
}
