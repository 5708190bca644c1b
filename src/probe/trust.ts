import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, rootCertificates, type SecureContext, type SecureContextOptions } from 'node:tls'
import { UserError } from '../error.ts'

/** Whom connections to a registry trust, beside `own` (PEM), which holds for that registry alone. */
export type TrustFor = (own: string) => SecureContext

/** Where systems keep their authorities: crypto/x509 root_linux.go, root_darwin.go. */
const SYSTEM = [
  '/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/pki/tls/cacert.pem', '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', '/etc/ssl/cert.pem',
]

/**
 * The authorities of the system (SSL_CERT_FILE before its own), of NODE_EXTRA_CA_CERTS and of --ca; where the system has none, those of Node.
 * @throws UserError where --ca cannot be read, or holds no certificate.
 */
export function trust(given: string | undefined, env: NodeJS.ProcessEnv): TrustFor {
  const named = given === undefined ? [] : certificates(required(given))
  if (given !== undefined && named.length === 0) throw new UserError(`--ca ${given} holds no certificate in PEM`)
  const system = [env['SSL_CERT_FILE'], ...SYSTEM].map((path) => (path ? optional(path) : undefined)).find((one) => one !== undefined)
  const common = [...(system === undefined ? rootCertificates : [system]), optional(env['NODE_EXTRA_CA_CERTS'] ?? '') ?? '', ...named].filter((one) => one !== '')
  const known = new Map<string, SecureContext>()
  return (own) => {
    const context = known.get(own) ?? contextOf([...common, ...certificates(own)])
    known.set(own, context)
    return context
  }
}

/** A certificate that is trusted needs no further one above it, as with nodes (Go's VerifyOptions.Roots). */
function contextOf(ca: string[]): SecureContext {
  const options: SecureContextOptions & { allowPartialTrustChain: boolean } = { ca, allowPartialTrustChain: true }
  return createSecureContext(options)
}

/** Those that can be read; nodes pass over the others, too (crypto/x509 AppendCertsFromPEM). */
function certificates(pem: string): string[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).filter((one) => {
    try {
      return new X509Certificate(one).raw.length > 0
    } catch {
      return false
    }
  })
}

function required(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError(`--ca ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function optional(path: string): string | undefined {
  try {
    return path === '' ? undefined : readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
