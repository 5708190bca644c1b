import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { UserError } from '../error.ts'

/** The pair that the service shows, and the authority of the clients that it takes reviews from. */
export interface Files {
  cert: string
  key: string
  clientCa?: string
}

/** What Mozilla calls intermediate: forward secrecy and authenticated encryption, for every API server since Kubernetes 1.8. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305',
  'TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256',
].join(':')

/** A pair as it was read, and from when until when it holds. */
export interface Certificate {
  context: SecureContextOptions
  begins: Date
  expires: Date
  /** What tells it from another one. */
  fingerprint: string
}

/** Reads the pair. @throws UserError where it cannot be used. */
export function certificate({ cert, key, clientCa }: Files): Certificate {
  const [chain, secret, ca] = [read(cert), read(key), clientCa === undefined ? undefined : read(clientCa)]
  const context: SecureContextOptions = { cert: chain, key: secret, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true, ...(ca ? { ca } : {}) }
  let first: X509Certificate
  try {
    first = new X509Certificate(chain)
    createSecureContext(context)
  } catch (error) {
    // The reason names what is wrong, and nothing of the key.
    throw new UserError(`${cert} and ${key} are no certificate and its key (${(error as NodeJS.ErrnoException).code ?? 'they cannot be read'})`)
  }
  if (ca) authority(clientCa!, ca)
  return { context, begins: new Date(first.validFrom), expires: new Date(first.validTo), fingerprint: `${first.fingerprint256} ${ca?.toString('latin1') ?? ''}` }
}

/** Node takes anything for an authority, and then no client is of it. */
function authority(path: string, pem: Buffer): void {
  try {
    void new X509Certificate(pem)
  } catch {
    throw new UserError(`${path} is no certificate of an authority: no client could be told by it`)
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UserError(`cannot read ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}
