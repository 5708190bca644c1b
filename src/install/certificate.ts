import { inside, type Manifest } from './manifest.ts'
import { hosts, TLS } from './network.ts'
import type { Settings } from './setting.ts'

/** The Secret with the authority's own certificate and key. */
const AUTHORITY = 'mirrorproof-ca'
const SELF_SIGNED = 'mirrorproof-selfsigned'
const GROUP = 'cert-manager.io'
const V1 = `${GROUP}/v1` as const

/** By cert-manager: an authority of its own, which stays when the certificate that is served is renewed, so that none is served that the API server does not know yet. */
export function certificates(settings: Settings): Manifest[] {
  if (!settings.certManager) return []
  const issuerRef = (name: string) => ({ group: GROUP, kind: 'Issuer', name })
  const privateKey = { algorithm: 'ECDSA', size: 256 } as const
  const [commonName, ...others] = hosts(settings)
  return [
    { file: 'certificate', object: { apiVersion: V1, kind: 'Issuer', metadata: inside(settings, { name: SELF_SIGNED }), spec: { selfSigned: {} } } },
    {
      file: 'certificate',
      object: {
        apiVersion: V1, kind: 'Certificate', metadata: inside(settings, { name: AUTHORITY }),
        spec: { isCA: true, commonName: AUTHORITY, secretName: AUTHORITY, duration: '43800h0m0s', privateKey: { ...privateKey, rotationPolicy: 'Never' }, issuerRef: issuerRef(SELF_SIGNED) },
      },
    },
    { file: 'certificate', object: { apiVersion: V1, kind: 'Issuer', metadata: inside(settings, { name: AUTHORITY }), spec: { ca: { secretName: AUTHORITY } } } },
    {
      file: 'certificate',
      object: {
        apiVersion: V1, kind: 'Certificate', metadata: inside(settings),
        spec: {
          secretName: TLS, dnsNames: [commonName, ...others], duration: '2160h0m0s', renewBefore: '720h0m0s', usages: ['digital signature', 'server auth'],
          privateKey: { ...privateKey, rotationPolicy: 'Always' }, issuerRef: issuerRef(AUTHORITY),
        },
      },
    },
  ]
}
