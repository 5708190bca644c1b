import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder } from '../command.ts'
import { authority, holding, image, MISSING, playing, running } from './registry.ts'

const APP = image()
const indented = (pem: string) => pem.replace(/^(?=.)/gm, '    ')
const map = (name: string, namespace: string, key: string, pem: string) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata:\n  ${key}: |\n${indented(pem)}`
const config = (kind: string, spec: string) => `---\napiVersion: config.openshift.io/v1\nkind: ${kind}\nmetadata: {name: cluster}\nspec: ${spec}\n`
const idms = (host: string) => `---
apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata: {name: org}
spec:
  imageDigestMirrors:
  - {source: a.example/org, mirrors: ['${host}/org'], mirrorSourcePolicy: NeverContactSource}
`
const hosted = (host: string, more: string) => `---
apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: tenant, namespace: clusters}
spec:
  imageContentSources: [{source: a.example/org, mirrors: ['${host}/org']}]
  ${more}
`
const installing = (host: string, pem: string) => `apiVersion: v1
baseDomain: corp.example
metadata: {name: edge}
controlPlane: {name: master}
imageDigestSources: [{source: a.example/org, mirrors: ['${host}/org']}]
additionalTrustBundle: |
${indented(pem)}`

/** The manifests that name the authority of the mirror, and whether nodes trust it by them. */
const TABLE: [why: string, manifests: (host: string, pem: string) => string, trusted: boolean][] = [
  ['nothing', (host) => idms(host), false],
  ['the ConfigMap that Image/cluster names', (host, pem) => idms(host) + config('Image', '{additionalTrustedCA: {name: cas}}') + map('cas', 'openshift-config', host.replace(':', '..'), pem), true],
  ['that, for another registry', (host, pem) => idms(host) + config('Image', '{additionalTrustedCA: {name: cas}}') + map('cas', 'openshift-config', 'b.example', pem), false],
  ['that, in another namespace', (host, pem) => idms(host) + config('Image', '{additionalTrustedCA: {name: cas}}') + map('cas', 'default', host.replace(':', '..'), pem), false],
  ['a ConfigMap that nobody names', (host, pem) => idms(host) + map('cas', 'openshift-config', host.replace(':', '..'), pem), false],
  ['the bundle of the installer, which counts though nobody names it', (host, pem) => idms(host) + map('user-ca-bundle', 'openshift-config', 'ca-bundle.crt', pem), true],
  ['that, under another key', (host, pem) => idms(host) + map('user-ca-bundle', 'openshift-config', 'ca.crt', pem), false],
  ['that, in another namespace', (host, pem) => idms(host) + map('user-ca-bundle', 'default', 'ca-bundle.crt', pem), false],
  ['the ConfigMap that Proxy/cluster names', (host, pem) => idms(host) + config('Proxy', '{trustedCA: {name: corp}}') + map('corp', 'openshift-config', 'ca-bundle.crt', pem), true],
  ['the same, and Proxy/cluster names another one', (host, pem) => idms(host) + config('Proxy', '{trustedCA: {name: other}}') + map('corp', 'openshift-config', 'ca-bundle.crt', pem), false],
  ['an install-config', (host, pem) => installing(host, pem), true],
  ['the bundle of a HostedCluster', (host, pem) => hosted(host, 'additionalTrustBundle: {name: corp}') + map('corp', 'clusters', 'ca-bundle.crt', pem), true],
  ['the proxy of a HostedCluster', (host, pem) => hosted(host, 'configuration: {proxy: {trustedCA: {name: corp}}}') + map('corp', 'clusters', 'ca-bundle.crt', pem), true],
  ['the ConfigMap that the image configuration of a HostedCluster names', (host, pem) => hosted(host, 'configuration: {image: {additionalTrustedCA: {name: cas}}}') + map('cas', 'clusters', host.replace(':', '..'), pem), true],
  ['that, in another namespace', (host, pem) => hosted(host, 'configuration: {image: {additionalTrustedCA: {name: cas}}}') + map('cas', 'default', host.replace(':', '..'), pem), false],
  ['the bundle of the cluster that the hosted one runs on', (host, pem) => hosted(host, 'release: {}') + idms(host).replace('a.example/org', 'b.example/org') + map('user-ca-bundle', 'openshift-config', 'ca-bundle.crt', pem), false],
]

if (MISSING) console.log(`skipped: no registry is asked by the program: ${MISSING}`)
else {
  for (const [why, manifests, trusted] of TABLE) {
    test(`trust :: ${why}`, async () => {
      const { host, stop } = await playing(holding(APP.content))
      const cwd = folder({ 'a.yaml': manifests(host, readFileSync(authority().ca, 'utf8')), 'auth.json': '{"auths": {}}' })
      const { stdout, stderr } = await running(['trace', `a.example/org/app@${APP.digest}`, '--in', '.', '--probe', '--authfile', 'auth.json', '--format', 'json'], { cwd })
      stop()
      const { traces } = JSON.parse(stdout) as TraceReport
      const answers = traces.flatMap(({ probed }) => probed ?? []).filter(({ reference }) => reference.startsWith(host))
      assert.equal(answers.map((one) => one.class), [trusted ? null : 'unknown-ca'], `${stdout}${stderr}`)
    })
  }
}

test.run()
