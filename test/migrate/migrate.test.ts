import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, mirrorproof } from '../command.ts'
import { file, icsp, idms, indented, ORG, TAGGED } from './objects.ts'

interface Case {
  name: string
  files: Record<string, string>
  /** The files that are another afterwards. */
  becomes?: Record<string, string>
  args?: string[]
  code?: number
  /** Lines that are printed, or parts of them. */
  says?: string[]
  never?: string[]
}

const NEW_LINES = (text: string) => text.replaceAll('operator.openshift.io/v1alpha1', 'config.openshift.io/v1').replaceAll('ImageContentSourcePolicy', 'ImageDigestMirrorSet').replaceAll('repositoryDigestMirrors', 'imageDigestMirrors')
const KUSTOMIZATION = 'resources: [icsp.yaml]\n'
const OPERATIONS = '- op: add\n  path: /spec/repositoryDigestMirrors/0/mirrors/-\n  value: backup.lab/org\n'
const installConfig = (field: string) => `apiVersion: v1\nbaseDomain: lab\nmetadata: {name: prod}\ncontrolPlane: {name: master}\npullSecret: '{"auths":{"x":{"auth":"c2VjcmV0"}}}' # never shown\n${field}: # why\n- source: quay.io/org\n  mirrors: [mirror.lab/org]\n`
const role = (groups: string, resources: string) => `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\nrules:\n- apiGroups: [${groups}]\n  resources: [${resources}]\n  verbs: [get]\n`
const SERVED = `apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: operator.openshift.io/v1alpha1
  kind: ImageContentSourcePolicy
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"operator.openshift.io/v1alpha1","kind":"ImageContentSourcePolicy","metadata":{"annotations":{},"name":"org"}}
      team: platform # asks for it
    creationTimestamp: "2023-01-01T00:00:00Z"
    generation: 2
    labels: {a: b}
    managedFields:
    - apiVersion: operator.openshift.io/v1alpha1
      manager: kubectl
    name: org
    resourceVersion: "12"
    selfLink: /apis/x
    uid: 1c5
  spec:
    repositoryDigestMirrors:
    - mirrors:
      - mirror.lab/org
      source: quay.io/org
  status: {}
`
const MOVED_LIST = `apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: config.openshift.io/v1
  kind: ImageDigestMirrorSet
  metadata:
    annotations:
      team: platform # asks for it
    labels: {a: b}
    name: org
  spec:
    imageDigestMirrors:
    - mirrors:
      - mirror.lab/org
      source: quay.io/org
`
const POLICY = (object: string) => `apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: {name: p, namespace: p}
spec:
  policy-templates:
  - objectDefinition:
      apiVersion: policy.open-cluster-management.io/v1
      kind: ConfigurationPolicy
      metadata: {name: p}
      spec:
        object-templates:
        - complianceType: musthave
          objectDefinition:
${indented(12, object)}`
const GENERATOR = `apiVersion: policy.open-cluster-management.io/v1
kind: PolicyGenerator
metadata: {name: g}
policyDefaults: {namespace: p}
policies:
- name: mirrors
  manifests:
  - path: icsp.yaml
`
const SYNC_SET = (object: string) => `apiVersion: hive.openshift.io/v1\nkind: SyncSet\nmetadata: {name: s, namespace: prod}\nspec:\n  clusterDeploymentRefs: [{name: prod}]\n  resources:\n  -${indented(4, object).slice(3)}`
const CONFIG_MAP = (object: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: prod}\ndata:\n  icsp.yaml: | # manifests\n${indented(4, object)}  other.yaml: |\n    a: 1\n`
const INSTANCE = (overrides: string) => `apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {name: prod, namespace: prod}\nspec:\n  clusterName: prod\n${overrides}`
const TWO_KINDS_OF_CLUSTER = (prod: string, lab: string) => `clusters:\n- {name: prod, version: "${prod}", paths: [prod]}\n- {name: lab, version: "${lab}", paths: [lab]}\n`

const CASES: Case[] = [
  { name: 'an object', files: { 'a.yaml': icsp('org') }, becomes: { 'a.yaml': idms('org') }, says: ['Converted 1 object in 1 file.', 'a.yaml:1: ImageContentSourcePolicy/org -> ImageDigestMirrorSet/org', 'registries.conf and policy.json stay the same, byte for byte', '`oc delete imagecontentsourcepolicy org`'] },
  { name: 'what oc get -o yaml prints', files: { 'a.yaml': SERVED }, becomes: { 'a.yaml': MOVED_LIST } },
  { name: 'the only annotation goes with its key', files: { 'a.yaml': icsp('org').replace('  name: org\n', '  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: "{}"\n  name: org\n') }, becomes: { 'a.yaml': idms('org') } },
  {
    name: 'a list whose items do not say what they are',
    files: { 'a.yaml': 'apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicyList\nitems:\n- metadata: {name: a}\n  spec: {repositoryDigestMirrors: [{source: quay.io/a, mirrors: [mirror.lab/a]}]}\n- metadata: {name: b}\n  spec: {repositoryDigestMirrors: [{source: quay.io/b, mirrors: [mirror.lab/b]}]}\n' },
    becomes: { 'a.yaml': 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSetList\nitems:\n- metadata: {name: a}\n  spec: {imageDigestMirrors: [{source: quay.io/a, mirrors: [mirror.lab/a]}]}\n- metadata: {name: b}\n  spec: {imageDigestMirrors: [{source: quay.io/b, mirrors: [mirror.lab/b]}]}\n' },
    says: ['Converted 2 objects in 1 file.'],
  },
  {
    name: 'such a list stays where one item does',
    files: { 'a.yaml': 'apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicyList\nitems:\n- metadata: {name: a}\n  spec: {repositoryDigestMirrors: [{source: quay.io/a, mirrors: [mirror.lab/a]}]}\n- metadata: {name: b}\n  spec: {repositoryDigestMirrors: [{source: "quay.io/b:1", mirrors: [mirror.lab/b]}]}\n' },
    code: 1, says: ['ImageContentSourcePolicy/a: another item of its list stays, and the list says the kind of both', 'ImageContentSourcePolicy/b: the API server refuses an IDMS whose source `quay.io/b:1`'],
  },
  { name: 'JSON', files: { 'a.json': `${JSON.stringify(file('org'), null, '\t')}\n` }, becomes: { 'a.json': NEW_LINES(`${JSON.stringify(file('org'), null, '\t')}\n`) } },
  { name: 'a literal block of a ConfigMap that a ClusterInstance refers to', files: { 'a.yaml': `${CONFIG_MAP(icsp('org'))}---\n${INSTANCE('  extraManifestsRefs: [{name: extra}]\n')}` }, becomes: { 'a.yaml': `${CONFIG_MAP(idms('org'))}---\n${INSTANCE('  extraManifestsRefs: [{name: extra}]\n')}` }, says: ['prod (OpenShift 4.16): registries.conf'] },
  { name: 'a quoted string of a ConfigMap', files: { 'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata:\n  icsp.yaml: ${JSON.stringify(icsp('org'))}\n` }, code: 1, says: ['its text is not edited: it stands in a string that is neither a literal block (`|`) nor the text as it is, in quotes on one line', 'fix: change it by hand'] },
  { name: 'a policy of ACM', files: { 'a.yaml': POLICY(icsp('org')) }, becomes: { 'a.yaml': POLICY(idms('org')) } },
  { name: 'a policy generator', files: { 'policies.yaml': GENERATOR, 'icsp.yaml': icsp('org') }, becomes: { 'icsp.yaml': idms('org') } },
  { name: 'a SyncSet of Hive', files: { 'a.yaml': SYNC_SET(icsp('org')) }, becomes: { 'a.yaml': SYNC_SET(idms('org')) } },
  { name: 'an Ansible task is said', files: { 'play.yml': `- hosts: all\n  tasks:\n  - kubernetes.core.k8s:\n      definition:\n${indented(8, icsp('org'))}` }, says: ['Nothing is left to migrate.', 'play.yml:4: not looked at: ImageContentSourcePolicy/org is in an Ansible task'] },
  { name: 'a Helm template is said', files: { 'Chart.yaml': 'name: x\nversion: 1.0.0\n', 'templates/icsp.yaml': `{{- if .Values.on }}\n${icsp('{{ .Release.Name }}')}{{- end }}\n`, 'icsp.yaml': icsp('org') }, becomes: { 'icsp.yaml': idms('org') }, says: ['templates/icsp.yaml:1: not looked at: a template that is no YAML until it is rendered'] },
  { name: 'an object of another apiVersion is said', files: { 'a.yaml': icsp('org').replace('v1alpha1', 'v1') }, says: ['Nothing is left to migrate.', 'a.yaml:1: not looked at: no cluster takes ImageContentSourcePolicy/org with this kind and apiVersion'] },

  { name: '4.12 has no other kind', files: { 'a.yaml': icsp('org') }, args: ['--openshift', '4.12'], says: ['Nothing is left to migrate.', 'Not due', 'is on 4.12: ImageDigestMirrorSet is there from 4.13 on'] },
  { name: '4.13 reads both, for builds the old one only', files: { 'a.yaml': icsp('org') }, args: ['--openshift', '4.13.30'], says: ['Not due', '--include-4.13 converts it all the same'] },
  { name: '4.13, asked for', files: { 'a.yaml': icsp('org') }, args: ['--openshift', '4.13.30', '--include-4.13'], becomes: { 'a.yaml': idms('org') }, says: ['1. apply the IDMS beside the ICSP', 'keep the ICSPs until the cluster is on 4.14'] },
  { name: '4.13 before both kinds could stand beside each other', files: { 'a.yaml': icsp('org') }, args: ['--openshift', '4.13.5', '--include-4.13'], becomes: { 'a.yaml': idms('org') }, says: ['better update first', 'pause the pools'] },
  { name: 'a version that is not known', files: { 'a.yaml': icsp('org') }, args: [], becomes: { 'a.yaml': idms('org') }, says: ['the newest is assumed', '1. see the patch release'] },
  {
    name: 'a base of two clusters on 4.16', files: { 'base/icsp.yaml': icsp('org'), 'base/kustomization.yaml': KUSTOMIZATION, 'prod/kustomization.yaml': 'resources: [../base]\n', 'lab/kustomization.yaml': 'resources: [../base]\n', '.mirrorproof.yaml': TWO_KINDS_OF_CLUSTER('4.16', '4.16') }, args: [],
    becomes: { 'base/icsp.yaml': idms('org') }, says: ['Converted 1 object in 1 file.', 'Steps for prod, lab'],
  },
  {
    name: 'a base of which one cluster is on 4.12 stays', files: { 'base/icsp.yaml': icsp('org'), 'base/kustomization.yaml': KUSTOMIZATION, 'prod/kustomization.yaml': 'resources: [../base]\n', 'lab/kustomization.yaml': 'resources: [../base]\n', '.mirrorproof.yaml': TWO_KINDS_OF_CLUSTER('4.16', '4.12') }, args: [],
    says: ['Nothing is left to migrate.', 'base/icsp.yaml:1: ImageContentSourcePolicy/org: lab is on 4.12'],
  },
  {
    name: 'also when only the other cluster is asked for', files: { 'base/icsp.yaml': icsp('org'), 'base/kustomization.yaml': KUSTOMIZATION, 'prod/kustomization.yaml': 'resources: [../base]\n', 'lab/kustomization.yaml': 'resources: [../base]\n', '.mirrorproof.yaml': TWO_KINDS_OF_CLUSTER('4.16', '4.12') }, args: ['--cluster', 'prod'],
    says: ['Nothing is left to migrate.', 'base/icsp.yaml:1: ImageContentSourcePolicy/org: lab is on 4.12'],
  },
  {
    name: '--cluster leaves what is patched in the other cluster', files: {
      'prod/icsp.yaml': icsp('org'), 'lab/icsp.yaml': icsp('org'), '.mirrorproof.yaml': TWO_KINDS_OF_CLUSTER('4.16', '4.16'),
      'lab/kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {kind: ImageContentSourcePolicy, name: org}\n  patch: |\n${indented(4, OPERATIONS)}`,
    }, args: ['--cluster', 'prod'], becomes: { 'prod/icsp.yaml': idms('org') }, says: ['lab/kustomization.yaml:3: it selects objects of which some stay what they are'],
  },

  { name: 'an install-config', files: { 'install-config.yaml': installConfig('imageContentSources') }, becomes: { 'install-config.yaml': installConfig('imageDigestSources') }, says: ['An install-config is read when a cluster is installed'], never: ['oc delete', 'c2VjcmV0'] },
  { name: 'an install-config of 4.12', files: { 'install-config.yaml': installConfig('imageContentSources') }, args: ['--openshift', '4.12'], says: ['its installer does not know imageDigestSources'] },
  { name: 'an install-config with both lists', files: { 'install-config.yaml': `${installConfig('imageContentSources')}imageDigestSources: []\n` }, code: 1, says: ['imageDigestSources stands beside it, and the installer refuses both', 'fix: put all entries into imageDigestSources'] },
  { name: 'overrides of an install-config, which are JSON in a string', files: { 'a.yaml': INSTANCE('  installConfigOverrides: \'{"imageContentSources":[{"source":"quay.io/org","mirrors":["mirror.lab/org"]}]}\'\n') }, becomes: { 'a.yaml': INSTANCE('  installConfigOverrides: \'{"imageDigestSources":[{"source":"quay.io/org","mirrors":["mirror.lab/org"]}]}\'\n') } },
  { name: 'overrides of an install-config in double quotes, which are not there as they are', files: { 'a.yaml': INSTANCE('  installConfigOverrides: "{\\"imageContentSources\\":[]}"\n') }, code: 1, says: ['a.yaml:6: imageContentSources of the install-config: its text is not edited: it stands in a string that is neither'] },
  { name: 'overrides of an install-config in a literal block', files: { 'a.yaml': INSTANCE('  installConfigOverrides: |\n    {"imageContentSources":[{"source":"quay.io/org","mirrors":["mirror.lab/org"]}]}\n') }, becomes: { 'a.yaml': INSTANCE('  installConfigOverrides: |\n    {"imageDigestSources":[{"source":"quay.io/org","mirrors":["mirror.lab/org"]}]}\n') } },

  { name: 'an IDMS of the name is there, and says the same', files: { 'a.yaml': icsp('org'), 'b.yaml': idms('org') }, code: 1, says: ['has ImageDigestMirrorSet/org already', 'fix: delete the ICSP, for the other has all of its entries'] },
  { name: 'an IDMS of the name is there, and says something else', files: { 'a.yaml': icsp('org'), 'b.yaml': idms('org', '  - source: quay.io/b\n    mirrors: [mirror.lab/b]\n') }, code: 1, says: ['fix: give one of them another name'] },
  { name: 'a location that the new kind refuses', files: { 'a.yaml': icsp('a', TAGGED), 'b.yaml': icsp('b') }, args: ['--openshift', '4.15'], code: 1, becomes: { 'b.yaml': idms('b') }, says: ['Converted 1 object in 1 file; 1 object cannot be converted as it stands.', 'a.yaml:1: ImageContentSourcePolicy/a: the API server refuses an IDMS whose source `quay.io/org:1` (spec.repositoryDigestMirrors[0].source) has a tag'] },
  { name: 'a mirror that stands twice', files: { 'a.yaml': icsp('org', `${ORG}    - backup.lab/org\n    - mirror.lab/org # again\n    # kept\n`) }, becomes: { 'a.yaml': idms('org', `${ORG}    - backup.lab/org\n    # kept\n`) }, says: ['1 mirror that stood twice is there once now', 'mirrors that stood twice had lost their order, and have it now:', 'then registries.conf changes (above), and the operator updates the nodes pool by pool'], never: ['again nothing changes'] },
  { name: 'a field that would begin to count', files: { 'a.yaml': icsp('org', `${ORG}    mirrorSourcePolicy: NeverContactSource\n`) }, code: 1, says: ['an ICSP does not have `spec.repositoryDigestMirrors[0].mirrorSourcePolicy`, which would begin to count'] },
  { name: 'placeholders', files: { 'a.yaml': icsp('${NAME}', '  - source: ${SOURCE}\n    mirrors:\n    - ${REGISTRY}/org\n') }, becomes: { 'a.yaml': idms('${NAME}', '  - source: ${SOURCE}\n    mirrors:\n    - ${REGISTRY}/org\n') }, says: ['could not be compared', '`oc delete imagecontentsourcepolicy NAME`'] },
  { name: 'waivers stay where they are', files: { 'a.yaml': icsp('org', `  # mirrorproof:ignore ambiguous-namespace -- known\n${ORG}`).replace('  name: org\n', '  name: org\n  annotations: {mirrorproof.io/ignore: mirror-chain}\n') }, becomes: { 'a.yaml': idms('org', `  # mirrorproof:ignore ambiguous-namespace -- known\n${ORG}`).replace('  name: org\n', '  name: org\n  annotations: {mirrorproof.io/ignore: mirror-chain}\n') } },

  { name: 'a merge patch in a file that alone speaks of the kind', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- path: p.yaml\n`, 'p.yaml': icsp('org', '  - source: quay.io/b\n    mirrors: [mirror.lab/b]\n') }, becomes: { 'icsp.yaml': idms('org'), 'p.yaml': idms('org', '  - source: quay.io/b\n    mirrors: [mirror.lab/b]\n') }, says: ['p.yaml:2: patches the new kind'] },
  { name: 'a merge patch that says no list', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patchesStrategicMerge: [p.yaml]\n`, 'p.yaml': icsp('org').replace(/spec:[^]*/, '  labels: {a: b}\n') }, becomes: { 'icsp.yaml': idms('org'), 'p.yaml': idms('org').replace(/spec:[^]*/, '  labels: {a: b}\n') } },
  { name: 'a merge patch in the kustomization', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- patch: |\n${indented(4, icsp('org'))}` }, becomes: { 'icsp.yaml': idms('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- patch: |\n${indented(4, idms('org'))}` } },
  { name: 'a patch in quotes keeps its object', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- patch: ${JSON.stringify(icsp('org'))}\n` }, code: 1, says: ['icsp.yaml:1: ImageContentSourcePolicy/org: the patch of it in kustomization.yaml cannot be converted', 'it stands in a string that is neither a literal block'] },
  { name: 'operations on one line, in quotes', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {kind: ImageContentSourcePolicy}\n  patch: '[{"op":"add","path":"/spec/repositoryDigestMirrors/0/mirrors/-","value":"x.lab/org"}]'\n` },
    becomes: { 'icsp.yaml': idms('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {kind: ImageDigestMirrorSet}\n  patch: '[{"op":"add","path":"/spec/imageDigestMirrors/0/mirrors/-","value":"x.lab/org"}]'\n` } },
  {
    name: 'operations in the kustomization, and their target', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {group: operator.openshift.io, version: v1alpha1, kind: ImageContentSourcePolicy, name: org}\n  patch: |-\n${indented(4, OPERATIONS)}` },
    becomes: { 'icsp.yaml': idms('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {group: config.openshift.io, version: v1, kind: ImageDigestMirrorSet, name: org}\n  patch: |-\n${indented(4, NEW_LINES(OPERATIONS))}` }, says: ['kustomization.yaml:3: selects the new kind', 'kustomization.yaml:5: patches the new list'],
  },
  { name: 'operations in a file, the target a pattern', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {kind: ImageContentSourcePolicy, name: o.*}\n  path: p.yaml\n`, 'p.yaml': OPERATIONS }, becomes: { 'icsp.yaml': idms('org'), 'kustomization.yaml': `${KUSTOMIZATION}patches:\n- target: {kind: ImageDigestMirrorSet, name: o.*}\n  path: p.yaml\n`, 'p.yaml': NEW_LINES(OPERATIONS) } },
  { name: 'operations in the older field', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}patchesJson6902:\n- target: {group: operator.openshift.io, version: v1alpha1, kind: ImageContentSourcePolicy, name: org}\n  path: p.json\n`, 'p.json': '[{"op": "add", "path": "/spec/repositoryDigestMirrors/0/mirrors/-", "value": "b.lab/org"}]\n' }, becomes: { 'icsp.yaml': idms('org'), 'kustomization.yaml': `${KUSTOMIZATION}patchesJson6902:\n- target: {group: config.openshift.io, version: v1, kind: ImageDigestMirrorSet, name: org}\n  path: p.json\n`, 'p.json': '[{"op": "add", "path": "/spec/imageDigestMirrors/0/mirrors/-", "value": "b.lab/org"}]\n' } },
  {
    name: 'a target without a name, of which one stays', files: { 'icsp.yaml': icsp('org'), 'two.yaml': icsp('two', TAGGED), 'kustomization.yaml': `resources: [icsp.yaml, two.yaml]\npatches:\n- target: {kind: ImageContentSourcePolicy}\n  patch: |\n${indented(4, OPERATIONS)}` }, code: 1,
    says: ['icsp.yaml:1: ImageContentSourcePolicy/org: the nodes of . would get something else', 'two.yaml:1: ImageContentSourcePolicy/two: the API server refuses an IDMS'],
  },
  {
    name: 'a replacement', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}replacements:\n- source: {kind: ConfigMap, name: x, fieldPath: data.x}\n  targets:\n  - select: {kind: ImageContentSourcePolicy, name: org}\n    fieldPaths: [spec.repositoryDigestMirrors.0.source]\n` },
    becomes: { 'icsp.yaml': idms('org'), 'kustomization.yaml': `${KUSTOMIZATION}replacements:\n- source: {kind: ConfigMap, name: x, fieldPath: data.x}\n  targets:\n  - select: {kind: ImageDigestMirrorSet, name: org}\n    fieldPaths: [spec.imageDigestMirrors.0.source]\n` },
  },
  {
    name: 'a replacement in a file', files: { 'icsp.yaml': icsp('org'), 'kustomization.yaml': `${KUSTOMIZATION}replacements:\n- path: r.yaml\n`, 'r.yaml': '- source: {kind: ConfigMap, name: x, fieldPath: data.x}\n  targets:\n  - select: {kind: ImageContentSourcePolicy, name: org}\n    fieldPaths: [spec.repositoryDigestMirrors.0.source]\n' },
    becomes: { 'icsp.yaml': idms('org'), 'r.yaml': '- source: {kind: ConfigMap, name: x, fieldPath: data.x}\n  targets:\n  - select: {kind: ImageDigestMirrorSet, name: org}\n    fieldPaths: [spec.imageDigestMirrors.0.source]\n' },
  },
  {
    name: 'Argo CD ignores the same differences', files: { 'icsp.yaml': icsp('org'), 'app.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\nspec:\n  template:\n    spec:\n      ignoreDifferences:\n      - group: operator.openshift.io\n        kind: ImageContentSourcePolicy\n        jsonPointers: [/spec/repositoryDigestMirrors]\n        jqPathExpressions:\n        - ".spec.repositoryDigestMirrors[] | .source"\n' },
    becomes: { 'icsp.yaml': idms('org'), 'app.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\nspec:\n  template:\n    spec:\n      ignoreDifferences:\n      - group: config.openshift.io\n        kind: ImageDigestMirrorSet\n        jsonPointers: [/spec/imageDigestMirrors]\n        jqPathExpressions:\n        - ".spec.imageDigestMirrors[] | .source"\n' },
  },
  { name: 'a role', files: { 'icsp.yaml': icsp('org'), 'role.yaml': role('operator.openshift.io', 'imagecontentsourcepolicies') }, becomes: { 'icsp.yaml': idms('org'), 'role.yaml': role('operator.openshift.io, config.openshift.io', 'imagecontentsourcepolicies, imagedigestmirrorsets') } },
  { name: 'a role that would open more', files: { 'icsp.yaml': icsp('org'), 'role.yaml': role('operator.openshift.io', 'imagecontentsourcepolicies, etcds') }, becomes: { 'icsp.yaml': idms('org') }, says: ['role.yaml:6: add a rule for imagedigestmirrorsets of config.openshift.io'] },
  { name: 'a project of Argo CD', files: { 'icsp.yaml': icsp('org'), 'project.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: x}\nspec:\n  clusterResourceWhitelist:\n  - {group: operator.openshift.io, kind: ImageContentSourcePolicy}\n' }, becomes: { 'icsp.yaml': idms('org') }, says: ['project.yaml:6: allow ImageDigestMirrorSet of config.openshift.io, too'] },
]

const VERSION = ['--openshift', '4.16']

for (const { name, files, becomes = {}, args = VERSION, code = 0, says = [], never = [] } of CASES) {
  test(name, () => {
    const cwd = folder(files)
    const read = () => Object.fromEntries(Object.keys(files).map((path) => [path, readFileSync(join(cwd, path), 'utf8')]))
    const first = mirrorproof(['migrate', '--write', ...args], { cwd })
    assert.equal(read(), { ...files, ...becomes })
    assert.is(first.code, code, first.stdout + first.stderr)
    for (const part of says) assert.ok((first.stdout + first.stderr).includes(part), `${part}\n---\n${first.stdout}${first.stderr}`)
    for (const part of never) assert.not.ok((first.stdout + first.stderr).includes(part), part)
    const again = mirrorproof(['migrate', '--check', ...args], { cwd })
    assert.ok(/^(?:Nothing is left|Left to migrate: \d+ objects?, which cannot)/.test(again.stdout), `there is more to do the second time:\n${again.stdout}`)
    assert.is(again.code, code)
  })
}

test('--dry-run, which is the default, changes nothing, and its diff makes of the files what --write makes of them', () => {
  const cwd = folder({ 'a.yaml': icsp('org').replaceAll('\n', '\r\n') })
  const { code, stdout } = mirrorproof(['migrate', ...VERSION], { cwd })
  assert.is(code, 0)
  assert.ok(stdout.startsWith('--- a/a.yaml\n+++ b/a.yaml\n@@ -1,9 +1,9 @@\n-apiVersion: operator.openshift.io/v1alpha1\r\n'))
  assert.ok(stdout.includes('With --write, files are changed.'))
  assert.is(readFileSync(join(cwd, 'a.yaml'), 'utf8'), icsp('org').replaceAll('\n', '\r\n'))
  assert.is(mirrorproof(['migrate', '--dry-run', '--quiet', ...VERSION], { cwd }).stdout, stdout.slice(0, stdout.indexOf('\n\nWould convert') + 1))
})

test('--check says what is left, and exits with 1', () => {
  const { code, stdout } = mirrorproof(['migrate', '--check', ...VERSION], { cwd: folder({ 'a.yaml': icsp('org') }) })
  assert.is(code, 1)
  assert.ok(stdout.startsWith('Left to migrate: 1 object in 1 file.\n'))
  assert.not.ok(stdout.includes('@@'))
})

const STREAMS: [name: string, input: string, output: string, args: string[], code: number][] = [
  ['is printed as it is then', icsp('org'), idms('org'), [], 0],
  ['keeps its line breaks', icsp('org').replaceAll('\n', '\r\n'), idms('org').replaceAll('\n', '\r\n'), [], 0],
  ['with nothing to convert is printed as it is', '# nothing\r\na: 1', '# nothing\r\na: 1', [], 0],
  ['that is empty stays so', '', '', [], 0],
  ['that cannot be converted is printed as it is', icsp('org', TAGGED), icsp('org', TAGGED), [], 1],
  ['has no file to write', icsp('org'), '', ['--write'], 2],
]
for (const [name, input, output, args, code] of STREAMS) {
  test(`standard input ${name}`, () => {
    const result = mirrorproof(['migrate', '-', ...args, ...VERSION], { input })
    assert.equal([result.stdout, result.code], [output, code])
    if (code < 2) assert.is(mirrorproof(['migrate', '-', ...VERSION], { input: output }).stdout, output, 'twice')
  })
}

test('with --quiet, standard input is converted without a word', () => {
  assert.equal(mirrorproof(['migrate', '-', '--quiet', ...VERSION], { input: icsp('org') }), { code: 0, stdout: idms('org'), stderr: '' })
})

test.run()
