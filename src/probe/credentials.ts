import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../error.ts'
import { isObject, own, text } from '../manifests/resource.ts'

/** Who one is to a registry, and the file that says so. */
export interface Login {
  user: string
  password: string
  /** In place of a password, what a token server gives tokens for. */
  identity?: string
  file: string
}

/** What is known of logins: one for a repository, or why there is none, in a clause. */
export interface Credentials {
  find(host: string, repository: string): Login | { none: string }
}

interface AuthFile {
  path: string
  auths: Record<string, unknown>
  helpers: Record<string, unknown>
  store: string
}

/**
 * Logins of --authfile or REGISTRY_AUTH_FILE, else of the files in which podman and docker keep theirs, as far as they are there: containers/image
 * pkg/docker/config. Credential helpers are programs, and are not run.
 * @throws UserError where a file cannot be read, or is none.
 */
export function credentials(given: string | undefined, env: NodeJS.ProcessEnv): Credentials {
  const named = given ?? (env['REGISTRY_AUTH_FILE'] || undefined)
  const paths = named === undefined ? usual(env).filter((path) => existsSync(path)) : [named]
  const files = paths.map((path) => authFile(path))
  const where = named ?? (files.length > 0 ? files.map(({ path }) => path).join(' and ') : `any of ${usual(env).join(', ')}`)
  return {
    find(host, repository) {
      for (const file of files) {
        const login = inFile(file, host, repository)
        if (login) return login
      }
      return { none: `no credentials for ${host} in ${where}` }
    },
  }
}

function usual(env: NodeJS.ProcessEnv): string[] {
  const home = env['HOME'] || homedir()
  const run = env['XDG_RUNTIME_DIR'] || `/run/containers/${process.getuid?.() ?? 0}`
  const first = env['XDG_RUNTIME_DIR'] ? join(run, 'containers/auth.json') : join(run, 'auth.json')
  return [first, join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers/auth.json'), join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json')]
}

function authFile(path: string): AuthFile {
  const value = parsed(path, read(path))
  const [auths, helpers] = [own(value, 'auths'), own(value, 'credHelpers')]
  if (own(value, 'kind') === 'Secret') throw new UserError(`${path} is a Secret; what it holds is wanted: oc extract secret/pull-secret -n openshift-config --to=- > FILE`)
  if (!isObject(auths) && !isObject(helpers) && own(value, 'credsStore') === undefined) throw new UserError(`${path} holds no credentials: it has no \`auths\``)
  return { path, auths: isObject(auths) ? auths : {}, helpers: isObject(helpers) ? helpers : {}, store: text(own(value, 'credsStore')) }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError(`the credentials in ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** What JSON.parse says of a text quotes it, and is not told. */
function parsed(path: string, content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new UserError(/^\s*(?:---|apiVersion:|kind:)/m.test(content) ? `${path} is a manifest; what its Secret holds is wanted: oc extract secret/pull-secret -n openshift-config --to=- > FILE` : `${path} holds no credentials: it is no JSON`)
  }
}

/** The host is docker.io where everything else is, too, but not here. */
const HUB = 'index.docker.io'

function inFile({ path, auths, helpers, store }: AuthFile, host: string, repository: string): Login | { none: string } | undefined {
  const registry = host === 'docker.io' ? HUB : host
  const helper = [host, registry].map((one) => helpers[one]).find((one) => typeof one === 'string') as string | undefined
  if (helper !== undefined) return { none: `${path} leaves ${host} to the credential helper docker-credential-${helper}, which mirrorproof does not run` }
  const entry = [...keysAround(`${host}/${repository}`).map((key) => own(auths, key)), named(auths, registry)].find((one) => one !== undefined)
  const login = entry === undefined ? undefined : loginOf(entry, path)
  if (login) return login
  return store === '' ? undefined : { none: `${path} leaves all hosts to the credential store docker-credential-${store}, which mirrorproof does not run` }
}

/** A repository, the namespaces around it, and the host. */
function keysAround(repository: string): string[] {
  const parts = repository.split('/')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
}

/** The entry of a host that is written as a URL, as docker does, or by another of Docker Hub's names. */
function named(auths: Record<string, unknown>, registry: string): unknown {
  const key = Object.keys(auths).find((one) => {
    const bare = one.replace(/^https?:\/\//, '')
    const host = bare === one ? one : bare.split('/', 1)[0]!
    return (host === 'docker.io' || host === 'registry-1.docker.io' ? HUB : host) === registry
  })
  return key === undefined ? undefined : auths[key]
}

function loginOf(entry: unknown, file: string): Login | undefined {
  const identity = text(own(entry, 'identitytoken'))
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(text(own(entry, 'auth')), 'base64').toString('utf8').replace(/\0+$/, '')) ?? []
  if (user === '' && identity === '') return undefined
  return { user, password, ...(identity === '' ? {} : { identity }), file }
}
