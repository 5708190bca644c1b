import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as plainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { LIMITS } from '../../src/probe/limits.ts'
import { Probe } from '../../src/probe/probe.ts'
import type { Answer } from '../../src/diagnosis/answer.ts'
import { CLI, folder, type Result, ROOT } from '../command.ts'
import { Authority, type Pair } from '../e2e/cluster/authority.ts'
import { tool } from '../e2e/tools.ts'

/** Why there can be no registry here; undefined where there can. */
export const MISSING = tool('openssl') === undefined ? 'openssl is not installed' : undefined

let known: Authority | undefined
/** One authority for all tests: keys take their time. */
export const authority = (): Authority => (known ??= new Authority(join(folder({}), 'authority')))
let pair: Pair | undefined

export type Answers = (request: IncomingMessage, response: ServerResponse) => void

export interface Playing {
  /** With its port. */
  host: string
  /** Method, path, and with which Authorization. */
  asked: { line: string; authorization: string | undefined }[]
  stop(): void
}

/** A server that answers as it is told, with TLS of the test's own authority unless `plain`. */
export async function playing(answers: Answers, { plain = false, cert = undefined as Pair | undefined, address = '127.0.0.1', onPlain = (): void => {} } = {}): Promise<Playing> {
  const asked: Playing['asked'] = []
  const on: Answers = (request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization })
    answers(request, response)
  }
  const files = plain ? undefined : cert ?? (pair ??= authority().issue(['127.0.0.1', 'localhost', 'mirror.test', 'source.test']))
  const server: Server = files ? createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, on) : plainServer(on)
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => { if (error.code === 'ERR_SSL_HTTP_REQUEST') onPlain() })
  server.unref() // a test that fails stops nothing
  await new Promise<void>((listening) => server.listen(0, address, listening))
  return { host: `${address}:${(server.address() as AddressInfo).port}`, asked, stop: () => { server.closeAllConnections(); server.close() } }
}

/** The digest of bytes. */
export function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** What is in a registry, by `manifests/…` and `blobs/…`. */
export type Content = Record<string, string>

const OCI = 'application/vnd.oci.image'

/** An image of one layer, by the tag `v1` and by its digest. */
export function image(seed = 'app'): { digest: string; content: Content; layer: string; config: string } {
  const [config, layer] = [JSON.stringify({ architecture: 'amd64', os: 'linux', seed }), `layer of ${seed}`]
  const of = (content: string, mediaType: string) => ({ mediaType: `${OCI}.${mediaType}`, digest: digestOf(content), size: content.length })
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config: of(config, 'config.v1+json'), layers: [of(layer, 'layer.v1.tar')] })
  const digest = digestOf(manifest)
  return { digest, layer: digestOf(layer), config: digestOf(config), content: { 'manifests/v1': manifest, [`manifests/${digest}`]: manifest, [`blobs/${digestOf(config)}`]: config, [`blobs/${digestOf(layer)}`]: layer } }
}

/** An index of images for these platforms. */
export function index(...platforms: string[]): { digest: string; content: Content; members: ReturnType<typeof image>[] } {
  const members = platforms.map((platform) => image(platform))
  const manifests = members.map(({ digest }, at) => ({ mediaType: `${OCI}.manifest.v1+json`, digest, size: 1, platform: { os: platforms[at]!.split('/')[0], architecture: platforms[at]!.split('/')[1] } }))
  const body = JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests })
  return { digest: digestOf(body), members, content: { ...Object.assign({}, ...members.map(({ content }) => content)) as Content, 'manifests/v1': body, [`manifests/${digestOf(body)}`]: body } }
}

/** What a manifest says of itself, as registries tell it. */
export function typeOf(content: string): string {
  return /"mediaType":"([^"]+)/.exec(content)?.[1] ?? 'application/octet-stream'
}

/** Says at /v2/, where nodes ask first, that nobody has to log in, and answers so to all else. */
export function greeting(answers: Answers): Answers {
  return (request, response) => (request.url === '/v2/' ? void response.writeHead(200).end() : answers(request, response))
}

/** Answers as a registry that holds this under `org/app`. */
export function holding(content: Content): Answers {
  return greeting((request, response) => {
    const found = content[decodeURIComponent(request.url!).replace('/v2/org/app/', '')]
    if (found === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'docker-content-digest': digestOf(found), 'content-length': Buffer.byteLength(found), 'content-type': typeOf(found) })
    response.end(request.method === 'HEAD' ? undefined : found)
  })
}

/** Times that a test can wait for. */
export const QUICK = { ...LIMITS, connect: 1000, answer: 1500, pause: 10, patience: 1500 }

export interface Asking {
  insecure?: boolean
  deep?: boolean
  auths?: unknown
  ca?: string
  /** Those of the manifests, for the host. */
  own?: string
  env?: NodeJS.ProcessEnv
}

/** Asks for one attempt with bounds that a test can wait for; the test's authority is trusted unless `ca` is empty. */
export async function ask(reference: string, { insecure = false, deep = false, auths = {}, ca = authority().ca, own = '', env = {} }: Asking = {}): Promise<Answer> {
  const authfile = join(folder({ 'auth.json': JSON.stringify(typeof auths === 'object' && auths !== null && 'credHelpers' in auths ? auths : { auths }) }), 'auth.json')
  const probe = new Probe({ authfile, deep, env, stop: new AbortController().signal, limits: QUICK, ...(ca === '' ? {} : { ca }) })
  try {
    return await probe.ask({ reference, insecure, ca: own })
  } finally {
    await probe.close()
  }
}

/** Runs the shipped program while servers of the test answer; `interrupt` sends SIGINT so many milliseconds after the start. */
export async function running(args: string[], { cwd = ROOT, env = {}, signal }: { cwd?: string; env?: NodeJS.ProcessEnv; signal?: Promise<unknown> } = {}): Promise<Result> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { PATH: process.env['PATH'], HOME: folder({}), ...env } })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  void signal?.then(() => child.kill('SIGINT'))
  const code = await new Promise<number | null>((closed) => child.on('close', closed))
  return { code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') }
}

/** A proxy that takes CONNECT and leads everything to `host`, or each host and port to another one; `login` is the credential that it wants. */
export async function proxy(host: string | Record<string, string>, login?: string): Promise<{ url: string; asked: string[]; stop(): void }> {
  const asked: string[] = []
  const server = plainServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(502).end()
  })
  server.on('connect', (request, client, head) => {
    asked.push(`CONNECT ${request.url}`)
    if (login !== undefined && request.headers['proxy-authorization'] !== `Basic ${Buffer.from(login).toString('base64')}`) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    const [address, port] = (typeof host === 'string' ? host : host[request.url!] ?? '127.0.0.1:1').split(':') as [string, string]
    const upstream = connect(Number(port), address, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [upstream, client]) socket.on('error', () => { upstream.destroy(); client.destroy() })
  })
  server.unref() // a test that fails stops nothing
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { url: `http://${login === undefined ? '' : `${login}@`}127.0.0.1:${(server.address() as AddressInfo).port}`, asked, stop: () => { server.closeAllConnections(); server.close() } }
}
