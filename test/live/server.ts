import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Authority } from '../e2e/cluster/authority.ts'
import { tool } from '../e2e/tools.ts'
import { folder } from '../command.ts'

/** Why there can be no API server here; undefined where there can. */
export const MISSING = tool('openssl') === undefined ? 'openssl is not installed' : undefined

export const TOKEN = 'a-token-of-the-test'

/** What answers to a path, without its query. */
export type Answers = Record<string, (request: { query: URLSearchParams; headers: IncomingMessage['headers']; response: ServerResponse }) => unknown>

/** An HTTPS server that answers as an API server would, for whoever has the token, and a kubeconfig for it. */
export async function server(answers: Answers): Promise<{ kubeconfig: string; asked: string[]; stop: () => void }> {
  const authority = new Authority(join(folder({}), 'authority'))
  const { cert, key } = authority.issue(['127.0.0.1'])
  const asked: string[] = []
  const serving: Server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'https://127.0.0.1')
    asked.push(request.url!)
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return status(response, 401, 'Unauthorized')
    const answer = Object.hasOwn(answers, pathname) ? answers[pathname]! : () => status(response, 404, 'the server could not find the requested resource')
    const value = answer({ query: searchParams, headers: request.headers, response })
    if (value !== undefined) response.setHeader('content-type', 'application/json').end(typeof value === 'string' ? value : JSON.stringify(value))
  })
  await new Promise<void>((listening) => serving.listen(0, '127.0.0.1', listening))
  return { kubeconfig: kubeconfig(`https://127.0.0.1:${(serving.address() as AddressInfo).port}`, authority.ca), asked, stop: () => { serving.closeAllConnections(); serving.close() } }
}

/** Answers with an error, as an API server words it. */
export function status(response: ServerResponse, code: number, message: string): undefined {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }))
}

/** A kubeconfig with the contexts `right`, `stranger` (a wrong token) and `distrusting` (no authority). */
export function kubeconfig(url: string, ca: string): string {
  const user = (token: string) => ({ user: { token } })
  const contexts = { right: ['known', 'user'], stranger: ['known', 'nobody'], distrusting: ['unknown', 'user'] }
  const content = {
    apiVersion: 'v1', kind: 'Config', 'current-context': 'right',
    contexts: Object.entries(contexts).map(([name, [cluster, own]]) => ({ name, context: { cluster, user: own } })),
    clusters: [{ name: 'known', cluster: { server: `${url}/`, 'certificate-authority': ca } }, { name: 'unknown', cluster: { server: url } }],
    users: [{ name: 'user', ...user(TOKEN) }, { name: 'nobody', ...user('another') }],
  }
  return join(folder({ 'kubeconfig.yaml': JSON.stringify(content) }), 'kubeconfig.yaml')
}
