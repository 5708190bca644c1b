import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClustersReport } from '../src/report/clusters.ts'
import type { CheckReport } from '../src/report/json.ts'
import { mirrorproof, ROOT } from './command.ts'

/**
 * Real repositories, which are not part of this one, and what a careful reader finds in them by eye. Clusters as `name version mirror-sets/images`, without
 * the folder of the repository; findings at 4.16 by rule and level; what is not checked by reason.
 */
const CORPUS = join(ROOT, '../shared/corpus')

interface Row {
  folder: string
  clusters: string[]
  findings: Record<string, number>
  /** As above, with --disconnected. */
  disconnected: Record<string, number>
  skipped: Record<string, number>
}

const TABLE: Row[] = [
  {
    folder: 'MigliS+gitops-mgmt-cluster',
    clusters: ['in-cluster - 2/0', '. - 0/0', 'AgentServiceConfig/agent - 1/0'],
    findings: { 'assisted-mirror-dropped info': 1, 'assisted-mirror-dropped warning': 1, 'hidden-by-narrower-source warning': 1, 'invalid-object error': 1 },
    disconnected: { 'assisted-mirror-dropped warning': 2, 'fallback-to-unreachable-source info': 1, 'hidden-by-narrower-source error': 1, 'invalid-object error': 1 },
    skipped: {},
  },
  {
    folder: 'OCP-on-NERC+nerc-ocp-config',
    clusters: [
      'cluster-scope/overlays/albany - 0/2',
      'cluster-scope/overlays/hypershift1 4.15 0/1',
      'cluster-scope/overlays/hypershift2 - 0/1',
      'cluster-scope/overlays/nerc-ocp-beta-test - 0/2',
      'cluster-scope/overlays/nerc-ocp-edu 4.19 0/5',
      'cluster-scope/overlays/nerc-ocp-infra 4.19.7 0/10',
      'cluster-scope/overlays/nerc-ocp-obs 4.19.9 0/19',
      'cluster-scope/overlays/nerc-ocp-prod 4.21.10 0/17',
      'cluster-scope/overlays/nerc-ocp-test 4.21.10 0/17',
      'cluster-scope/overlays/virt - 0/1',
    ],
    findings: {},
    disconnected: { 'image-not-mirrored info': 1 },
    skipped: { carrier: 12, 'no-cluster': 1 },
  },
  {
    folder: 'ebeaudoi+ocp-cluster-catalogs',
    clusters: ['. - 12/2'],
    findings: { 'ambiguous-namespace warning': 1, 'deprecated-icsp error': 12, 'duplicate-object warning': 1 },
    disconnected: { 'ambiguous-namespace warning': 1, 'deprecated-icsp error': 12, 'duplicate-object warning': 1 },
    skipped: {},
  },
  {
    folder: 'filiy+ocp',
    clusters: ['in-cluster - 1/3', 'managed clusters - 0/1'],
    findings: { 'deprecated-icsp error': 1 },
    disconnected: { 'deprecated-icsp error': 1, 'image-not-mirrored error': 3, 'image-not-mirrored info': 1, 'public-mirror error': 1 },
    skipped: { carrier: 1 },
  },
  {
    folder: 'galaxyspaces77+ocp',
    clusters: ['. - 1/1'],
    findings: { 'deprecated-icsp error': 1 },
    disconnected: { 'deprecated-icsp error': 1 },
    skipped: {},
  },
  {
    folder: 'jparrill+hypershift-disconnected',
    clusters: [
      'assets/dual - 1/0',
      'assets/ipv4 - 1/0',
      'assets/ipv6 - 1/0',
      'AgentServiceConfig/agent (assets/dual) - 1/0',
      'AgentServiceConfig/agent (assets/ipv4) - 1/0',
      'AgentServiceConfig/agent (assets/ipv6) - 1/0',
    ],
    findings: { 'deprecated-icsp error': 3 },
    disconnected: { 'deprecated-icsp error': 3 },
    skipped: { placeholder: 6 },
  },
  {
    folder: 'openshift-cnv+cnv-fbc',
    clusters: [],
    findings: {},
    disconnected: {},
    skipped: { 'not-applied': 1 },
  },
  {
    folder: 'openshift-kni+cnf-features-deploy',
    clusters: ['. - 0/5'],
    findings: {},
    disconnected: { 'image-not-mirrored info': 1 },
    skipped: { carrier: 1 },
  },
  {
    folder: 'openshift-kni+telco-reference',
    clusters: [
      'in-cluster - 4/1',
      'telco-hub/configuration/reference-crs - 4/4',
      'telco-hub/configuration/reference-crs-kube-compare - 0/4',
      'managed clusters (telco-ran/configuration/acmpolicygenerator) - 2/5',
      'managed clusters (telco-ran/configuration/policygentemplates) - 2/5',
      'AgentServiceConfig/agent - 1/0',
    ],
    findings: { 'paused-pool info': 1, 'tag-not-mirrored info': 1 },
    disconnected: { 'fallback-to-unreachable-source info': 2, 'image-not-mirrored info': 1, 'paused-pool info': 1, 'tag-not-mirrored info': 1, 'tag-not-mirrored warning': 1 },
    skipped: { carrier: 7, placeholder: 5, template: 22 },
  },
  {
    folder: 'operate-first+apps',
    clusters: [
      'moc-infra 4.10.26 0/6',
      'smaug 4.9.21 0/82',
      'demo - 0/1',
      'jerry - 0/1',
      'curator - 0/1',
      '. - 0/38',
    ],
    findings: {},
    disconnected: { 'image-not-mirrored info': 3 },
    skipped: { carrier: 144 },
  },
  {
    folder: 'red-hat-storage+ocs-ci',
    clusters: ['ocs_ci/templates/acm-deployment - 9/38', 'ocs_ci/templates/ocs-deployment - 9/41', 'AgentServiceConfig/agent - 1/0'],
    findings: { 'ambiguous-namespace warning': 6, 'deprecated-icsp error': 5, 'duplicate-object warning': 1, 'hidden-by-narrower-source warning': 2, 'invalid-object info': 1, 'mirror-chain info': 5, 'tag-not-mirrored info': 2, 'unknown-field error': 2 },
    disconnected: { 'ambiguous-namespace warning': 6, 'deprecated-icsp error': 5, 'duplicate-object warning': 1, 'fallback-to-unreachable-source info': 2, 'hidden-by-narrower-source error': 2, 'image-not-mirrored error': 1, 'image-not-mirrored warning': 9, 'invalid-object info': 1, 'mirror-chain warning': 5, 'public-mirror error': 8, 'tag-not-mirrored warning': 2, 'unknown-field error': 2 },
    skipped: { carrier: 1, placeholder: 1, template: 4 },
  },
  {
    folder: 'redhat-cip+dci-openshift-agent',
    clusters: [],
    findings: {},
    disconnected: {},
    skipped: { 'not-applied': 3 },
  },
  {
    folder: 'snippets',
    clusters: ['. - 14/0'],
    findings: { 'ambiguous-namespace error': 4, 'deprecated-icsp error': 10, 'hidden-by-narrower-source warning': 2, 'malformed-location error': 1, 'mirror-chain info': 2 },
    disconnected: { 'ambiguous-namespace error': 4, 'deprecated-icsp error': 10, 'fallback-to-unreachable-source info': 1, 'hidden-by-narrower-source error': 2, 'malformed-location error': 1, 'mirror-chain warning': 2, 'public-mirror error': 4 },
    skipped: { 'not-applied': 3, placeholder: 1 },
  },
]

if (existsSync(CORPUS)) {
  for (const { folder, clusters, findings, disconnected, skipped } of TABLE) {
    test(`corpus :: ${folder}`, () => {
      const seen = (JSON.parse(mirrorproof(['clusters', folder, '--format', 'json'], { cwd: CORPUS }).stdout) as ClustersReport).clusters
      const short = (name: string) => name.replace(`${folder}/`, '').replace(folder, '.')
      const sets = new Set(['ImageContentSourcePolicy', 'ImageDigestMirrorSet', 'ImageTagMirrorSet'])
      assert.equal(seen.map(({ name, openshift, objects, images }) => `${short(name)} ${openshift ?? '-'} ${objects.filter(({ kind }) => sets.has(kind)).length}/${images.length}`), clusters)
      const check = (...more: string[]) => JSON.parse(mirrorproof(['check', folder, '--format', 'json', '--openshift', '4.16', ...more], { cwd: CORPUS }).stdout) as CheckReport
      const report = check()
      assert.equal(rules(report), findings)
      assert.equal(rules(check('--disconnected')), disconnected)
      assert.equal(counts(report.skipped.map(({ reason }) => reason)), skipped)
      assert.equal(report.clusters.map(({ images }) => images), seen.map(({ images }) => images.length), 'check and clusters see the same images')
    })
  }
} else {
  test.skip('corpus :: skipped, ../shared/corpus is not there')
  console.log('skipped: what is seen in real repositories, for ../shared/corpus is not there')
}

test.run()

function rules({ findings }: CheckReport): Record<string, number> {
  return counts(findings.map(({ rule, level }) => `${rule} ${level}`))
}

function counts(all: readonly string[]): Record<string, number> {
  const result: Record<string, number> = {}
  for (const one of [...all].sort()) result[one] = (result[one] ?? 0) + 1
  return result
}
