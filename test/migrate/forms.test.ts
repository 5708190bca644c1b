import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, mirrorproof, type Result } from '../command.ts'

const icsp = (name: string, entries: string) => `apiVersion: operator.openshift.io/v1alpha1
kind: ImageContentSourcePolicy
metadata: {name: ${name}}
spec:
  repositoryDigestMirrors:
${entries}`
const idms = (name: string, entries: string) => `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata: {name: ${name}}
spec:
  imageDigestMirrors:
${entries}`
const itms = (name: string, entries: string) => `apiVersion: config.openshift.io/v1
kind: ImageTagMirrorSet
metadata: {name: ${name}}
spec:
  imageTagMirrors:
${entries}`
const image = (lists: string) => `apiVersion: config.openshift.io/v1
kind: Image
metadata: {name: cluster}
spec: {registrySources: ${lists}}
`
const all = (...documents: string[]) => documents.join('---\n')

const ORG = '  - {source: quay.io/org, mirrors: ["mirror.lab:8443/org"]}\n'
const NEVER = '  - {source: quay.io/org, mirrors: ["mirror.lab:8443/org"], mirrorSourcePolicy: NeverContactSource}\n'
const UBI = '  - {source: registry.redhat.io/ubi9, mirrors: ["mirror.lab:8443/ubi9"]}\n'
const WILD = '  - {source: "*.redhat.io", mirrors: ["mirror.lab:8443/rh"]}\n'
const HOST = '  - {source: ghcr.io, mirrors: ["mirror.lab:8443/ghcr"]}\n'
const INSTALL = 'apiVersion: v1\nbaseDomain: lab\nmetadata: {name: prod}\ncontrolPlane: {name: master}\nimageContentSources:\n- source: quay.io/org\n  mirrors: ["mirror.lab:8443/org"]\n'
const HOSTED = `apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: tenant}
spec:
  imageContentSources:
  - {source: quay.io/org, mirrors: ["mirror.lab:8443/org"]}
`

const object = (apiVersion: string, kind: string, name: string, list: string, ...entries: [source: string, mirrors: string[], policy?: string][]) => `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${name}
spec:
  ${list}:
${entries.map(([source, mirrors, policy]) => `${policy ? `  - mirrorSourcePolicy: ${policy}\n    mirrors:\n` : '  - mirrors:\n'}${mirrors.map((mirror) => `    - "${mirror}"\n`).join('')}    source: ${source}\n`).join('')}`
const anICSP = (name: string, ...entries: [string, string[]][]) => object('operator.openshift.io/v1alpha1', 'ImageContentSourcePolicy', name, 'repositoryDigestMirrors', ...entries)
const anIDMS = (name: string, ...entries: [string, string[], string?][]) => object('config.openshift.io/v1', 'ImageDigestMirrorSet', name, 'imageDigestMirrors', ...entries)
const anITMS = (name: string, ...entries: [string, string[], string?][]) => object('config.openshift.io/v1', 'ImageTagMirrorSet', name, 'imageTagMirrors', ...entries)
const M = 'mirror.lab:8443'

/** What is printed of the cluster `prod.yaml`, on stdout, and what is said on stderr; `same` is the proof that nothing was lost. */
const same = (version: string) => `held against what nodes get now, on OpenShift ${version}: the same registries.conf`
const differs = (version: string, ...scopes: string[]) => `held against what nodes get now, on OpenShift ${version}: registries.conf differs for what is not carried, in ${scopes.map((scope) => `\`${scope}\``).join(', ')}`
const DEPRECATED = 'ImageContentSourcePolicy is deprecated since OpenShift 4.13; --to idms prints what takes its place'
const NAMESPACE = 'the namespace is that of the assisted service; where the mirrors have a certificate of your own authority, `ca-bundle.crt` belongs beside registries.conf'
const ROLLOUT = 'the patch takes the place of the whole list, and all NodePools of the HostedCluster are rolled out anew'
const builds = 'on OpenShift 4.13 builds and imports into image streams read ImageContentSourcePolicies alone, and follow these from 4.14 on'

const CASES: [what: string, version: string, form: string, manifests: string, stdout: string, stderr: string[]][] = [
  ['auto on 4.12', '4.12', 'auto', icsp('org', ORG), anICSP('org', ['quay.io/org', [`${M}/org`]]), ['--to icsp: OpenShift 4.12 knows ImageContentSourcePolicy alone', same('4.12')]],
  ['auto on 4.13, where there are ICSPs alone', '4.13.30', 'auto', icsp('org', ORG), anICSP('org', ['quay.io/org', [`${M}/org`]]),
    ['--to icsp: on OpenShift 4.13 a cluster keeps the kind that it uses, and it has ImageContentSourcePolicies alone', same('4.13.30')]],
  ['auto on 4.13, where there is an IDMS', '4.13.30', 'auto', all(icsp('org', ORG), idms('ubi', UBI)), anIDMS('prod', ['quay.io/org', [`${M}/org`]], ['registry.redhat.io/ubi9', [`${M}/ubi9`]]),
    ['--to idms: on OpenShift 4.13 a cluster keeps the kinds that it uses, and it has the newer ones', 'it takes the place of ImageContentSourcePolicy/org, ImageDigestMirrorSet/ubi: delete those once it is applied', builds, same('4.13.30')]],
  ['auto on 4.14 keeps the name', '4.14.9', 'auto', icsp('org', ORG), anIDMS('org', ['quay.io/org', [`${M}/org`]]),
    ['--to idms: from OpenShift 4.14 on everything reads ImageDigestMirrorSet (this is 4.14.9)', 'it takes the place of ImageContentSourcePolicy/org: delete that once it is applied', same('4.14.9')]],
  ['auto of an install-config alone', '4.16', 'auto', INSTALL, anIDMS('image-policy', ['quay.io/org', [`${M}/org`]]), ['--to idms: from OpenShift 4.14 on everything reads ImageDigestMirrorSet (this is 4.16)', same('4.16')]],
  ['auto of a hosted cluster', '4.16', 'auto', HOSTED, 'spec:\n  imageContentSources:\n  - mirrors:\n    - "mirror.lab:8443/org"\n    source: quay.io/org\n',
    ['--to hosted-cluster: the nodes of a hosted cluster take their mirrors from its HostedCluster', ROLLOUT, same('4.16')]],
  ['objects of one kind keep their names and the order of their entries', '4.18', 'idms', all(icsp('b', UBI + ORG), icsp('a', HOST)),
    all(anIDMS('a', ['ghcr.io', [`${M}/ghcr`]]), anIDMS('b', ['registry.redhat.io/ubi9', [`${M}/ubi9`]], ['quay.io/org', [`${M}/org`]])),
    ['it takes the place of ImageContentSourcePolicy/a, ImageContentSourcePolicy/b: delete those once it is applied', same('4.18')]],
  ['a source of two objects makes them one', '4.18', 'idms', all(icsp('a', ORG), icsp('b', '  - {source: quay.io/org, mirrors: [backup.lab/org, "mirror.lab:8443/org"]}\n')),
    anIDMS('prod', ['quay.io/org', ['backup.lab/org', `${M}/org`]]).replace('"backup.lab/org"', 'backup.lab/org'),
    ['it takes the place of ImageContentSourcePolicy/a, ImageContentSourcePolicy/b: delete those once it is applied', same('4.18')]],
  ['idms with tags and a policy', '4.18', 'idms', all(idms('org', NEVER), itms('org', NEVER)), all(anIDMS('org', ['quay.io/org', [`${M}/org`], 'NeverContactSource']), anITMS('org', ['quay.io/org', [`${M}/org`], 'NeverContactSource'])), [same('4.18')]],
  ['icsp loses tags and the policy', '4.18', 'icsp', all(idms('org', NEVER), itms('org', NEVER)), anICSP('org', ['quay.io/org', [`${M}/org`]]), [
    'prod.yaml:13: the mirrors of `quay.io/org` for pulls by tag are not carried: an ImageContentSourcePolicy has mirrors for pulls by digest alone; keep the ImageTagMirrorSet, without NeverContactSource, for the operator refuses all mirrors where one of two says it',
    'prod.yaml:6: NeverContactSource of `quay.io/org` is not carried: an ImageContentSourcePolicy cannot say it, and what the mirrors lack is pulled from the source, which may be off the site',
    'it takes the place of ImageDigestMirrorSet/org: delete that once it is applied', DEPRECATED, differs('4.18', 'quay.io/org')]],
  ['the first patches of 4.14 refuse both kinds, and take one', '4.14.1', 'idms', all(icsp('org', ORG), idms('ubi', UBI)), anIDMS('prod', ['quay.io/org', [`${M}/org`]], ['registry.redhat.io/ubi9', [`${M}/ubi9`]]), [
    'the operator refuses the objects of prod.yaml as they are: error: both imagecontentsourcepolicy and imagedigestmirrorset exist; what is printed is all of them together',
    'it takes the place of ImageContentSourcePolicy/org, ImageDigestMirrorSet/ubi: delete those once it is applied',
    'OpenShift 4.14.1 takes no ImageDigestMirrorSet as long as an ImageContentSourcePolicy is there; 4.13.27 and 4.14.3 do: update first, or delete those before', same('4.14.1')]],
  ['contradictory orders are printed as nodes follow them', '4.18', 'idms', icsp('org', '  - {source: quay.io/org, mirrors: [r.lab/org, r.lab/org]}\n'), anIDMS('org', ['quay.io/org', ['quay.io/org', 'r.lab/org']]).replaceAll('"', ''), [
    'prod.yaml:6: the mirrors of `quay.io/org` are in contradictory orders, and nodes try `quay.io/org` first; so it is printed', 'it takes the place of ImageContentSourcePolicy/org: delete that once it is applied', same('4.18')]],
  ['an entry without a mirror is none', '4.18', 'idms', idms('org', `${ORG}  - {source: quay.io/none}\n`), anIDMS('org', ['quay.io/org', [`${M}/org`]]), [
    'prod.yaml:7: `quay.io/none` has no mirror but itself, so nodes pass over the entry, and it is not printed', same('4.18')]],
  ['install-config before 4.14', '4.12', 'install-config', icsp('org', ORG), 'imageContentSources:\n- mirrors:\n  - "mirror.lab:8443/org"\n  source: quay.io/org\n', [same('4.12')]],
  ['install-config takes hosts and no wildcards', '4.16', 'install-config', idms('org', HOST + WILD), 'imageDigestSources:\n- mirrors:\n  - "mirror.lab:8443/ghcr"\n  source: ghcr.io\n', [
    'prod.yaml:7: the mirrors of `*.redhat.io` are not carried: an install-config takes no wildcard as a source; hand them to the installer as an ImageDigestMirrorSet (--to idms)', differs('4.16', '*.redhat.io')]],
  ['install-config took no hosts before 4.10', '4.9', 'install-config', icsp('org', HOST + ORG), 'imageContentSources:\n- mirrors:\n  - "mirror.lab:8443/org"\n  source: quay.io/org\n', [
    'prod.yaml:6: the mirrors of `ghcr.io` are not carried: the installer of OpenShift 4.9 takes repositories, and no registry without one', differs('4.9', 'ghcr.io')]],
  ['install-config has policies from 4.21 on', '4.21', 'install-config', all(idms('org', NEVER), image('{insecureRegistries: ["mirror.lab:8443"]}')), 'imageDigestSources:\n- mirrors:\n  - "mirror.lab:8443/org"\n  source: quay.io/org\n  sourcePolicy: NeverContactSource\n', [
    'insecureRegistries of Image/cluster is not part of this; hand Image/cluster to the installer as a manifest',
    '`sourcePolicy` is new in OpenShift 4.21: openshift-install explain installconfig.imageDigestSources tells whether your installer knows it', same('4.21')]],
  ['install-config has no policies before', '4.20', 'install-config', idms('org', NEVER), 'imageDigestSources:\n- mirrors:\n  - "mirror.lab:8443/org"\n  source: quay.io/org\n', [
    'prod.yaml:6: NeverContactSource of `quay.io/org` is not carried: an install-config before OpenShift 4.21 cannot say it, and what the mirrors lack is pulled from the source, which may be off the site', differs('4.20', 'quay.io/org')]],
  ['registries-conf on 4.12', '4.12', 'registries-conf', icsp('org', ORG), `unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]

[[registry]]
  prefix = ""
  location = "quay.io/org"
  mirror-by-digest-only = true

  [[registry.mirror]]
    location = "mirror.lab:8443/org"
`, [same('4.12')]],
  ['registries-conf carries tags, wildcards and policies', '4.18', 'registries-conf', all(idms('org', NEVER), itms('wild', WILD), image('{insecureRegistries: ["mirror.lab:8443"]}')), `unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]

[[registry]]
  prefix = ""
  location = "quay.io/org"
  blocked = true

  [[registry.mirror]]
    location = "mirror.lab:8443/org"
    insecure = true
    pull-from-mirror = "digest-only"

[[registry]]
  prefix = "*.redhat.io"

  [[registry.mirror]]
    location = "mirror.lab:8443/rh"
    insecure = true
    pull-from-mirror = "tag-only"

[[registry]]
  prefix = ""
  location = "mirror.lab:8443"
  insecure = true
`, [same('4.18')]],
  ['assisted', '4.18', 'assisted', all(idms('org', ORG + HOST), itms('org', UBI)), `apiVersion: v1
kind: ConfigMap
metadata:
  labels:
    app: assisted-service
  name: prod-mirrors
  namespace: multicluster-engine
data:
  registries.conf: |
    unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]

    [[registry]]
      prefix = ""
      location = "quay.io/org"

      [[registry.mirror]]
        location = "mirror.lab:8443/org"
        pull-from-mirror = "digest-only"

    [[registry]]
      prefix = ""
      location = "registry.redhat.io/ubi9"

      [[registry.mirror]]
        location = "mirror.lab:8443/ubi9"
        pull-from-mirror = "tag-only"
`, [
    'prod.yaml:7: the mirrors of `ghcr.io` are not carried: the assisted installer takes repositories, and no registry without one',
    'prod.yaml:14: the mirrors of `registry.redhat.io/ubi9` for pulls by tag are not carried: the cluster that the assisted installer makes has mirrors for pulls by digest alone; they serve the hosts while they are installed; apply the ImageTagMirrorSet of --to idms afterwards',
    NAMESPACE, differs('4.18', 'ghcr.io', 'registry.redhat.io/ubi9')]],
]

const REFUSED: [what: string, version: string, form: string, manifests: string, stderr: string[]][] = [
  ['two policies for one source', '4.18', 'idms', all(idms('org', NEVER), idms('also', ORG)),
    ['the operator refuses the objects of prod.yaml: conflicting mirrorSourcePolicy is set for the same source "quay.io/org" in imagedigestmirrorsets, imagetagmirrorsets, or imagecontentsourcepolicies (mirrorproof check says where)']],
  ['a location that an IDMS does not take', '4.14.9', 'idms', icsp('org', '  - source: quay.io/org/\n    mirrors:\n    - mirror.lab/org\n    - http://backup.lab/org\n'),
    ['prod.yaml:6: source `quay.io/org/` ends with a slash: the API server refuses it', 'prod.yaml:9: mirror `http://backup.lab/org` has a URL scheme: the API server refuses it']],
  ['the same in an install-config', '4.12', 'install-config', icsp('org', '  - {source: quay.io/org/, mirrors: [mirror.lab/org]}\n  - {source: docker.io/app, mirrors: [mirror.lab/app]}\n'),
    ['prod.yaml:7: source `docker.io/app` is not the full name of a repository, from its registry on: the installer refuses it', 'prod.yaml:6: source `quay.io/org/` ends with a slash: the installer refuses it']],
  ['no IDMS before 4.13', '4.12', 'idms', icsp('org', ORG), ['OpenShift 4.12 has neither ImageDigestMirrorSet nor ImageTagMirrorSet; they are there from 4.13 on (--openshift)']],
  ['tags alone, in a form that has none', '4.18', 'hosted-cluster', itms('org', ORG), [
    'prod.yaml:6: the mirrors of `quay.io/org` for pulls by tag are not carried: a HostedCluster has mirrors for pulls by digest alone; a hosted cluster has no other place for them, so let images be pulled by digest',
    'nothing is printed: prod.yaml has no mirrors that --to hosted-cluster could carry']],
  ['no mirrors at all', '4.18', 'idms', image('{insecureRegistries: [mirror.lab]}'), ['nothing is printed: prod.yaml has no mirrors']],
  ['more sources than a HostedCluster holds', '4.18', 'hosted-cluster', idms('org', Array.from({ length: 256 }, (_, index) => `  - {source: quay.io/org/${index}, mirrors: [mirror.lab/org]}\n`).join('')),
    ['a HostedCluster holds 255 sources, and there are 256: mirror namespaces in place of repositories']],
  ['a location that is too long for a HostedCluster', '4.18', 'hosted-cluster', idms('org', `  - {source: quay.io/org, mirrors: [mirror.lab/${'a'.repeat(250)}]}\n`),
    [`prod.yaml:6: \`mirror.lab/${'a'.repeat(49)}…\` has 261 characters, and a HostedCluster takes 255`]],
  ['contradictory orders of a source that must not be contacted', '4.18', 'idms', all(idms('a', NEVER.replace('"mirror.lab:8443/org"', 'r.lab/a, r.lab/b')), idms('b', NEVER.replace('"mirror.lab:8443/org"', 'r.lab/b, r.lab/a'))),
    ['prod.yaml:6: the mirrors of `quay.io/org` are in contradictory orders, so that nodes try the source itself among them, which the operator would refuse: list each mirror once, in one order']],
  ['what is left is refused as a whole', '4.18', 'icsp', all(icsp('wild', WILD), itms('app', '  - {source: x.redhat.io/app, mirrors: [mirror.lab/app]}\n'), image('{blockedRegistries: [x.redhat.io/app]}')), [
    'prod.yaml:13: the mirrors of `x.redhat.io/app` for pulls by tag are not carried: an ImageContentSourcePolicy has mirrors for pulls by digest alone; keep the ImageTagMirrorSet',
    'nothing is printed: the operator refuses what is left without these: internal error: mirrorsAdjustedForNestedScope for a wildcard scope "*.redhat.io"']],
  ['a file that no host can read', '4.10', 'registries-conf', icsp('org', '  - {source: "https://quay.io/org", mirrors: [mirror.lab/org]}\n'),
    ['no host can read this: loading registries configuration "/etc/containers/registries.conf": invalid location \'https://quay.io/org\': URI schemes are not supported']],
]

function migrate(manifests: string, ...args: string[]): Result {
  return mirrorproof(['migrate', 'prod.yaml', ...args], { cwd: folder({ 'prod.yaml': manifests }) })
}

const said = (lines: readonly string[]) => lines.map((line) => `mirrorproof: ${line}\n`).join('')

for (const [what, version, form, manifests, stdout, stderr] of CASES) {
  test(`--to ${form} :: ${what}`, () => assert.equal(migrate(manifests, '--to', form, '--openshift', version), { code: 0, stdout, stderr: said(stderr) }))
}
for (const [what, version, form, manifests, stderr] of REFUSED) {
  test(`--to ${form} :: refused: ${what}`, () => assert.equal(migrate(manifests, '--to', form, '--openshift', version), { code: 1, stdout: '', stderr: said(stderr) }))
}

test('a version that is not known is taken for the newest, and said', () => {
  const { code, stderr } = migrate(idms('org', ORG), '--to', 'auto')
  assert.is(code, 0)
  assert.match(stderr, 'the OpenShift version of prod.yaml is not known; the newest is assumed (--openshift)')
})

test('--quiet leaves what is lost, and no note', () => {
  const { code, stderr } = migrate(idms('org', NEVER), '--to', 'icsp', '--openshift', '4.18', '--quiet')
  assert.is(code, 0)
  assert.match(stderr, /^mirrorproof: prod\.yaml:6: NeverContactSource of `quay\.io\/org` is not carried: .*\n$/)
})

test('--output names the file', () => {
  const cwd = folder({ 'prod.yaml': icsp('org', ORG) })
  const { code, stdout } = mirrorproof(['migrate', 'prod.yaml', '--to', 'idms', '--openshift', '4.16', '--output', 'idms.yaml'], { cwd })
  assert.equal([code, stdout, readFileSync(join(cwd, 'idms.yaml'), 'utf8')], [0, '', anIDMS('org', ['quay.io/org', [`${M}/org`]])])
})

const USAGE: [what: string, args: string[], files: Record<string, string>, code: number, message: string][] = [
  ['an unknown form', ['.', '--to', 'toml'], {}, 2, '--to takes auto, icsp, idms, install-config, hosted-cluster, registries-conf, assisted, not toml'],
  ['what is to be written', ['.', '--to', 'idms', '--write'], {}, 2, '--to prints one cluster and changes no file, so --write does not go with it'],
  ['several clusters', ['.', '--to', 'idms'], { 'a/x.yaml': idms('org', ORG), 'b/x.yaml': idms('org', ORG) }, 2, 'one cluster can be printed in another form, and there are 2 (a, b); pick one by --cluster'],
  ['no cluster', ['.', '--to', 'idms'], { 'a.yaml': 'kind: ConfigMap\n' }, 2, 'there is no mirror configuration in .'],
  ['placeholders', ['.', '--to', 'idms'], { 'a.yaml': idms('org', '  - {source: $SOURCE, mirrors: [mirror.lab/org]}\n') }, 3, '. cannot be printed in another form: a.yaml: entries of ImageDigestMirrorSet/org hold placeholders'],
]
for (const [what, args, files, code, message] of USAGE) {
  test(`usage :: ${what}`, () => assert.equal(mirrorproof(['migrate', ...args], { cwd: folder(files) }), { code, stdout: '', stderr: said([message]) }))
}

test.run()
