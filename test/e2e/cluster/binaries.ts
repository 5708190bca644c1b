import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** An API server, its etcd and kubectl, as test/e2e/cluster/go.sum pins them: built once for each such file, outside of the repository. */
const SUM = createHash('sha256').update(readFileSync(join(import.meta.dirname, 'go.sum'))).digest('hex').slice(0, 16)
export const BINARIES = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mirrorproof/cluster', SUM)

const PACKAGES = ['k8s.io/kubernetes/cmd/kube-apiserver', 'k8s.io/kubernetes/cmd/kubectl', 'go.etcd.io/etcd/server/v3']

/** Builds what is not there yet: 5 minutes and 1.5 GB of memory where Go's cache is cold. A build that is cut short leaves nothing behind that looks complete. */
export function build(): void {
  if (existsSync(BINARIES)) return
  mkdirSync(dirname(BINARIES), { recursive: true })
  const made = mkdtempSync(`${BINARIES}-`)
  try {
    const [version] = /(?<=k8s\.io\/kubernetes )v\S+/.exec(readFileSync(join(import.meta.dirname, 'go.mod'), 'utf8'))!
    const flags = ['-trimpath', '-gcflags=all=-dwarf=false', `-ldflags=-s -w -X k8s.io/component-base/version.gitVersion=${version}`]
    execFileSync('go', ['build', ...flags, '-o', `${made}/`, ...PACKAGES], { cwd: import.meta.dirname, stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } })
    renameSync(join(made, 'server'), join(made, 'etcd'))
    renameSync(made, BINARIES)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}
