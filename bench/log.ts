import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'

const SIZE = 500_000_000
const DIGEST = `sha256:${'0a'.repeat(32)}`

/** A journal of 500 MB in which a thousand lines tell of pulls; beside it, `wc -l` of the same. Its memory is that of the whole process. */
export function log(report: (what: string, figure: string, budget?: string) => void, root: string): void {
  const file = join(root, 'journal.log')
  write(file)
  const hook = join(root, 'memory.cjs')
  const handle = openSync(hook, 'w')
  writeSync(handle, 'process.on("exit", () => process.stderr.write(`\\nRSS ${process.resourceUsage().maxRSS}`))\n')
  closeSync(handle)
  const times = [1, 2, 3].map(() => {
    const start = process.hrtime.bigint()
    const { status, stderr } = spawnSync(process.execPath, ['--require', hook, resolve('dist/cli.cjs'), 'trace', '--log', file, '--quiet', '--output', '/dev/null'], { cwd: root, encoding: 'utf8' })
    if (status !== 1) throw new Error(`trace --log ended with ${status}: ${stderr}`)
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9, memory: Number(/RSS (\d+)/.exec(stderr)![1]) / 1024 }
  })
  const seconds = Math.min(...times.map((one) => one.seconds))
  report('a journal of 500 MB', `${seconds.toFixed(1)} s: ${(SIZE / 1e6 / seconds).toFixed(0)} MB/s`, 'at least 100 MB/s')
  report('its memory', `${Math.max(...times.map((one) => one.memory)).toFixed(0)} MB at most`, 'below 200 MB, whatever the size')
}

function write(file: string): void {
  const prefix = 'Nov 21 07:02:19 worker-0.ocp.example.com'
  const other = [
    `${prefix} kubenswrapper[2345]: I1121 07:02:19.123456    2345 kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="openshift-x/y-abc" event={"ID":"x","Type":"ContainerStarted"}\n`,
    `${prefix} crio[1234]: time="2026-11-21 07:02:19.123456789Z" level=info msg="Checking image status: quay.io/org/app@${DIGEST}" id=0d3a name=/runtime.v1.ImageService/ImageStatus\n`,
    `${prefix} systemd[1]: run-containers-storage-overlay-mount.mount: Deactivated successfully.\n`,
  ].join('').repeat(2_000)
  const pull = `${prefix} crio[1234]: time="2026-11-21 07:02:19.123456789Z" level=info msg="Trying to access \\"mirror.corp:8443/org/app@${DIGEST}\\""\n${prefix} kubenswrapper[2345]: E1121 07:02:19.1 2345 remote_image.go:180] "PullImage from image service failed" err="rpc error: code = Unknown desc = (Mirrors also failed: [mirror.corp:8443/org/app@${DIGEST}: authentication required]): quay.io/org/app@${DIGEST}: denied" image="quay.io/org/app@${DIGEST}"\n`
  const handle = openSync(file, 'w')
  for (let written = 0; written < SIZE;) written += writeSync(handle, other + pull)
  closeSync(handle)
}
