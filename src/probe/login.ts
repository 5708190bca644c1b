import { own, text } from '../manifests/resource.ts'
import type { Challenge } from './challenge.ts'
import type { Credentials, Login } from './credentials.ts'
import { type Bounds, exchange, target } from './exchange.ts'
import { Failure } from './failure.ts'
import type { Transport } from './transport.ts'

/** What goes with requests for a repository, and the words for it being refused. */
export interface Pass {
  /** The Authorization header. Never to be shown. */
  header: string
  /** As whom: `the credentials for HOST in FILE`; as nobody, why: `no credentials for HOST in FILE`. */
  called: string
  /** `accepted`: a token server took the credentials, and gave a token for them. */
  as: 'nobody' | 'told' | 'accepted'
  /** It is a token, which is good for a while. */
  ages: boolean
}

/** Where one has to log in, and how. */
export interface Door {
  host: string
  repository: string
  url: URL
  transport: Transport
  credentials: Credentials
  bounds: Bounds
}

/**
 * What a registry is to be told after it asked for a login by these challenges: the login itself, or a token for it, or one for nobody in particular. As
 * containers/image does: by the first challenge of a kind that it knows, for pulls of this repository alone, whatever scope the registry names; and nothing where it knows none.
 * @throws Failure
 */
export async function pass(wanted: readonly Challenge[], door: Door): Promise<Pass | undefined> {
  const { host, repository, credentials } = door
  const challenge = wanted.find(({ scheme }) => scheme === 'bearer' || scheme === 'basic')
  if (!challenge) return undefined
  const login = credentials.find(host, repository)
  if (challenge.scheme === 'bearer') return token(challenge, login, door)
  if ('none' in login) return { header: basic({ user: '', password: '' }), called: login.none, as: 'nobody', ages: false }
  return { header: basic(login), called: called(login, host), as: 'told', ages: false }
}

async function token(challenge: Challenge, login: Login | { none: string }, door: Door): Promise<Pass> {
  const { host, bounds, transport } = door
  const known = 'none' in login ? undefined : login
  const { realm: server = '', service } = challenge.parameters
  if (server === '') throw new Failure('unauthorized', '401: the registry wants a token, and names no server that gives one', { status: 401 })
  const realm = target(server, door.url, transport)
  const scope = `repository:${door.repository}:pull`
  const limit = { most: bounds.limits.token }
  const reply = known?.identity === undefined
    ? await exchange(transport, withQuery(realm, { ...(known ? { account: known.user } : {}), service, scope }), { method: 'GET', headers: known ? { authorization: basic(known) } : {}, ...limit }, bounds)
    : await exchange(transport, realm, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: refresh(known.identity, service, scope), ...limit }, bounds)
  const who = known ? called(known, host) : undefined
  if (reply.status !== 200) throw denied(reply.status, realm.host, who, login)
  const bearer = tokenIn(reply.body)
  if (bearer === '') throw new Failure('unknown', `the token server ${realm.host} answers without a token`, { status: 200 })
  return { header: `Bearer ${bearer}`, called: who ?? ('none' in login ? login.none : ''), as: known ? 'accepted' : 'nobody', ages: true }
}

function denied(status: number, server: string, who: string | undefined, login: Login | { none: string }): Failure {
  if (status === 429) return new Failure('rate-limit', `429: the token server ${server} has had too many requests`, { status })
  if (status >= 500) return new Failure('server-error', `the token server ${server} answers ${status}`, { status })
  if (who === undefined && 'none' in login) return new Failure('unauthorized', `401: ${login.none}, and the token server ${server} gives no token without (${status})`, { status })
  return new Failure('unauthorized', `401: the token server ${server} does not take ${who} (${status})`, { status })
}

function withQuery(realm: URL, parameters: Record<string, string | undefined>): URL {
  const url = new URL(realm)
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

function refresh(identity: string, service: string | undefined, scope: string): string {
  return new URLSearchParams({ grant_type: 'refresh_token', refresh_token: identity, client_id: 'mirrorproof', scope, ...(service === undefined ? {} : { service }) }).toString()
}

function tokenIn(body: Buffer): string {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'))
    const token = text(own(answer, 'token')) || text(own(answer, 'access_token'))
    return /^[\x21-\x7e]+$/.test(token) ? token : ''
  } catch {
    return ''
  }
}

function basic({ user, password }: Pick<Login, 'user' | 'password'>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function called({ file }: Login, host: string): string {
  return `the credentials for ${host} in ${file}`
}
