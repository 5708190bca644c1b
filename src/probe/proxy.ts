import { BlockList, isIP } from 'node:net'
import { UserError } from '../error.ts'

/** The proxy for a URL; undefined where it is asked without one. */
export type ProxyFor = (url: URL) => URL | undefined

/**
 * What HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, as Go's programs read them, so that lists of an OpenShift cluster work: golang.org/x/net/http/httpproxy.
 * @throws UserError where a proxy is none; its URL is not told, for it may hold a password.
 */
export function proxies(env: NodeJS.ProcessEnv): ProxyFor {
  const [secure, plain] = [proxyOf(env, 'HTTPS_PROXY'), proxyOf(env, 'HTTP_PROXY')]
  const without = exceptions(env['NO_PROXY'] || env['no_proxy'] || '')
  return (url) => (without(url) ? undefined : url.protocol === 'https:' ? secure : plain)
}

function proxyOf(env: NodeJS.ProcessEnv, name: string): URL | undefined {
  const text = env[name] || env[name.toLowerCase()]
  if (!text) return undefined
  const full = text.includes('://') ? text : `http://${text}`
  const proxy = URL.canParse(full) ? new URL(full) : undefined
  if (!proxy || proxy.hostname === '') throw new UserError(`${name} is no URL of a proxy`)
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') throw new UserError(`${name} names a proxy of a kind that is not supported (${proxy.protocol.slice(0, -1)}); http and https are`)
  return proxy
}

function exceptions(list: string): (url: URL) => boolean {
  const parts = list.split(',').map((part) => part.trim().toLowerCase()).filter((part) => part !== '')
  const tests = parts.map(exception)
  return ({ hostname, port, protocol }) => {
    const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
    if (host === 'localhost' || host.startsWith('127.') || host === '::1') return true
    return tests.some((test) => test(host, port || (protocol === 'https:' ? '443' : '80')))
  }
}

function exception(part: string): (host: string, port: string) => boolean {
  if (part === '*') return () => true
  const [, net, bits] = /^(.+)\/(\d+)$/.exec(part) ?? []
  if (net !== undefined && isIP(net)) return within(net, Number(bits))
  const [, name = part, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(part) ?? []
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '')
  const fits = (other: string) => port === undefined || port === other
  if (bare.startsWith('.')) return (host, at) => host.endsWith(bare) && fits(at)
  return (host, at) => (host === bare || (!isIP(host) && host.endsWith(`.${bare}`))) && fits(at)
}

function within(net: string, bits: number): (host: string) => boolean {
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
  if (bits > (isIP(net) === 6 ? 128 : 32)) return () => false
  const list = new BlockList()
  list.addSubnet(net, bits, family(net))
  return (host) => isIP(host) !== 0 && list.check(host, family(host))
}
