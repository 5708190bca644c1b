import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasGo } from '../../build/go.ts'
import type { Result } from '../command.ts'
import { Authority, type Pair, type Validity } from './cluster/authority.ts'
import { BINARIES } from './cluster/binaries.ts'
import { crdFiles } from './cluster/crds.ts'
import { eventually, freePorts, launch, type Process } from './cluster/process.ts'
import { tool } from './tools.ts'

/** Why there can be no cluster here; undefined where there can. */
export const MISSING = !hasGo() ? 'Go is not installed'
  : tool('openssl') === undefined ? 'openssl is not installed'
    : existsSync(BINARIES) ? undefined : `there is no ${BINARIES}, which npx tsx test/e2e/cluster/build.ts builds`

/** An answer of the API server; the body as it came where it is no JSON. */
export interface Answer {
  status: number
  body: unknown
  /** The text of each `Warning` header. */
  warnings: string[]
}

/** A real API server and etcd on free ports of the loopback, with RBAC and a certificate authority of their own: up in 3 seconds. */
export class Cluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'mirrorproof-cluster-'))
  readonly #authority = new Authority(join(this.folder, 'authority'))
  readonly #token = randomBytes(16).toString('hex')
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(this.ca) })
  readonly #etcdArgs: string[]
  readonly #serverArgs: string[]
  readonly #etcdUrl: string
  readonly server: string
  readonly #accounts = new Map<string, Promise<string>>()
  #etcd: Process | undefined
  #apiServer: Process | undefined

  private constructor([etcd, peer, port]: [number, number, number]) {
    this.server = `https://127.0.0.1:${port}`
    this.#etcdUrl = `http://127.0.0.1:${etcd}`
    this.#etcdArgs = etcdArgs(join(this.folder, 'data'), this.#etcdUrl, `http://127.0.0.1:${peer}`)
    const signer = this.#authority.signer()
    const own = this.#authority.issue(['127.0.0.1'])
    const tokens = this.#write('tokens.csv', `${this.#token},admin,admin,"system:masters"\n`)
    this.#serverArgs = [
      `--etcd-servers=${this.#etcdUrl}`, '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${port}`, `--tls-cert-file=${own.cert}`, `--tls-private-key-file=${own.key}`,
      `--client-ca-file=${this.ca}`, `--token-auth-file=${tokens}`, '--authorization-mode=RBAC', '--service-account-issuer=https://127.0.0.1', `--service-account-key-file=${signer.public}`,
      `--service-account-signing-key-file=${signer.private}`, '--service-cluster-ip-range=10.0.0.0/24', '--endpoint-reconciler-type=none', '--disable-admission-plugins=ServiceAccount',
      `--admission-control-config-file=${this.#admission()}`,
    ]
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }))
  }

  /** Starts one. `MISSING` says beforehand whether that is possible. */
  static async start(): Promise<Cluster> {
    const cluster = new Cluster(await freePorts(3) as [number, number, number])
    cluster.startEtcd()
    await cluster.startApiServer()
    return cluster
  }

  /** The file of the authority that signs what this cluster serves. */
  get ca(): string {
    return this.#authority.ca
  }

  /** A kubeconfig of an administrator. */
  get kubeconfig(): string {
    return this.#kubeconfig('admin', this.#token)
  }

  /** A kubeconfig of a service account that exists, with a token that holds for an hour: as long as any test. */
  account(namespace: string, name: string): Promise<string> {
    const key = `${namespace}/${name}`
    const known = this.#accounts.get(key) ?? this.#tokened(namespace, name)
    this.#accounts.set(key, known)
    return known
  }

  async #tokened(namespace: string, name: string): Promise<string> {
    return this.#kubeconfig(`${namespace}-${name}`, (await this.done('create', 'token', name, '--namespace', namespace, '--duration', '1h')).trim())
  }

  certificate(names: readonly string[], validity?: Validity): Pair {
    return this.#authority.issue(names, validity)
  }

  /** Runs kubectl as an administrator, or with another kubeconfig. */
  kubectl(args: string[], input = '', kubeconfig = this.kubeconfig): Promise<Result> {
    const child = spawn(join(BINARIES, 'kubectl'), [`--cache-dir=${this.folder}/discovery`, ...args], { env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, HOME: this.folder } })
    const parts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => { parts[name] += text })
    child.stdin.on('error', () => undefined).end(input)
    return new Promise((done) => child.on('close', (code) => done({ code, ...parts })))
  }

  /** What kubectl prints; it has to succeed. */
  async done(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.kubectl(args)
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
    return stdout
  }

  /** One request to the API server over a kept connection; faster than kubectl, and it retries nothing. */
  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((done, failed) => {
      const sent = request(`${this.server}${path}`, {
        method, agent: this.#agent, headers: { authorization: `Bearer ${this.#token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => { text += part }).on('error', failed).on('end', () =>
          done({ status: response.statusCode!, body: parsed(text), warnings: [response.headers['warning'] ?? []].flat().flatMap((all) => [...all.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!)) }))
      })
      sent.on('error', failed).end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** Installs OpenShift's CRDs (those named, or all) and its namespace of trust ConfigMaps, and waits until they are served. */
  async crds(names = Object.keys(crdFiles())): Promise<void> {
    const files = crdFiles()
    await this.done('create', ...names.flatMap((name) => ['--filename', files[name]!]))
    await this.done('wait', '--for=condition=Established', '--timeout=60s', ...names.map((name) => `crd/${name}`))
    await this.kubectl(['create', 'namespace', 'openshift-config'])
    for (const name of names) await eventually(`${name} is served`, async () => (await this.kubectl(['get', name])).code === 0)
  }

  startEtcd(): void {
    this.#etcd = launch(join(BINARIES, 'etcd'), this.#etcdArgs, join(this.folder, 'etcd.log'))
  }

  async killEtcd(): Promise<void> {
    await this.#etcd?.stop()
  }

  /** Resolves once it is ready. */
  async startApiServer(): Promise<void> {
    const server = launch(join(BINARIES, 'kube-apiserver'), this.#serverArgs, join(this.folder, 'kube-apiserver.log'))
    this.#apiServer = server
    await eventually('the API server is ready', async () => {
      if (server.ended()) throw new Error(`the API server ended: ${server.log().split('\n').slice(-10).join('\n')}`)
      return (await this.api('GET', '/readyz').catch(() => undefined))?.status === 200
    }, 120)
  }

  async stopApiServer(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#apiServer?.stop(signal)
  }

  /** Forgets all that was before now, by etcd's own gateway: watches from there on are gone. */
  async compact(): Promise<void> {
    const post = async (path: string, body: unknown) => (await fetch(`${this.#etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<{ header: { revision: string } }>
    const { header: { revision } } = await post('range', { key: 'AA==' })
    await post('compaction', { revision, physical: true })
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    await Promise.all([this.#apiServer?.stop(), this.#etcd?.stop()])
  }

  #write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text)
    return join(this.folder, name)
  }

  #kubeconfig(name: string, token: string): string {
    return this.#write(`${name}.kubeconfig`, JSON.stringify({
      apiVersion: 'v1', kind: 'Config', 'current-context': 'test', contexts: [{ name: 'test', context: { cluster: 'test', user: name } }],
      clusters: [{ name: 'test', cluster: { server: this.server, 'certificate-authority': this.ca } }], users: [{ name, user: { token } }],
    }))
  }

  /** The API server shows webhooks a certificate of its own, so that one can ask for it. */
  #admission(): string {
    const { cert, key } = this.#authority.issue(['kube-apiserver'])
    const kubeConfigFile = this.#write('webhooks.kubeconfig', JSON.stringify({ apiVersion: 'v1', kind: 'Config', users: [{ name: '*', user: { 'client-certificate': cert, 'client-key': key } }] }))
    const configuration = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'WebhookAdmissionConfiguration', kubeConfigFile }
    return this.#write('admission.yaml', JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration', plugins: [{ name: 'ValidatingAdmissionWebhook', configuration }] }))
  }
}

function etcdArgs(data: string, url: string, peer: string): string[] {
  return ['--data-dir', data, '--unsafe-no-fsync', '--log-level=error', `--listen-client-urls=${url}`, `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
