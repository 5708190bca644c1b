import { BlockList, isIP } from 'node:net'

/** Where clouds keep what a machine knows of itself, credentials too, and what else no registry is at. */
const DELICATE = new BlockList()
DELICATE.addSubnet('169.254.0.0', 16, 'ipv4')
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192']) DELICATE.addAddress(address, 'ipv4')
DELICATE.addSubnet('0.0.0.0', 8, 'ipv4')
DELICATE.addSubnet('fe80::', 10, 'ipv6')
for (const address of ['::', 'fd00:ec2::254', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe']) DELICATE.addAddress(address, 'ipv6')
for (const [net, bits] of [['64:ff9b::a9fe:0', 112], ['::a9fe:0', 112], ['2002:a9fe::', 32]] as const) DELICATE.addSubnet(net, bits, 'ipv6') // 169.254.0.0/16 within IPv6

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

const METADATA = /^(?:metadata|metadata\.google\.internal|instance-data(?:\.ec2\.internal)?)\.?$/i

/** Whether a registry must not send anyone to an address; to one of this machine it may where it is on this machine itself. */
export function isDelicate(address: string, fromLoopback: boolean): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return DELICATE.check(address, family) || (!fromLoopback && LOOPBACK.check(address, family))
}

export function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Whether the host of a URL is one, as far as that shows without a look-up. */
export function isDelicateHost(hostname: string, fromLoopback: boolean): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) ? isDelicate(bare, fromLoopback) : METADATA.test(bare) || (!fromLoopback && isLocalhost(bare))
}

/** Whether a registry of this host is on this machine, as far as that shows without a look-up. */
export function isOnLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) ? isLoopback(bare) : isLocalhost(bare)
}

function isLocalhost(name: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(name)
}
