import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { dump } from 'js-yaml'

/**
 * Random repositories of a base, a component and two overlays, in which everything collides: few names, few images, every way to patch. Some of
 * what is written here Kustomize refuses; then it has to be named.
 */
export function writeCases(folder: string, runs: number, seed: number): void {
  mkdirSync(folder, { recursive: true })
  for (const [index, files] of fc.sample(repository, { numRuns: runs, seed }).entries()) {
    for (const [path, value] of Object.entries(files)) {
      const place = join(folder, `case-${index}`, path)
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, (Array.isArray(value) ? value : [value]).map((one) => dump(one)).join('---\n'))
    }
  }
}

type Json = Record<string, unknown>

const one = <T>(...values: T[]) => fc.constantFrom(...values)
const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) => fc.option(arbitrary, { nil: undefined, freq })
/** Without what is undefined. */
const given = (object: Json): Json => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
const few = <T>(arbitrary: fc.Arbitrary<T>, most = 2) => fc.array(arbitrary, { minLength: 1, maxLength: most })

const KINDS = {
  ImageDigestMirrorSet: ['config.openshift.io/v1', 'imageDigestMirrors'],
  ImageTagMirrorSet: ['config.openshift.io/v1', 'imageTagMirrors'],
  ImageContentSourcePolicy: ['operator.openshift.io/v1alpha1', 'repositoryDigestMirrors'],
} as const
const PODS: Record<string, [apiVersion: string, path: string[]]> = {
  Deployment: ['apps/v1', ['spec', 'template', 'spec']], CronJob: ['batch/v1', ['spec', 'jobTemplate', 'spec', 'template', 'spec']], Pod: ['v1', ['spec']],
  DeploymentConfig: ['apps.openshift.io/v1', ['spec', 'template', 'spec']], StatefulSet: ['apps/v1', ['spec', 'template', 'spec']],
}

const name = one('a', 'b')
const image = one('a.io/x:v1', 'a.io/x', 'b.io/y@sha256:00', 'b.io:5000/y:v1', 'x', 'a.io/x:v1@sha256:11')
const mirrors = few(one('m.io/x', 'm.io/y', 'n.io'))
const rule = fc.record({ source: one('a.io', 'b.io/y', 'c.io'), mirrors })
const namespace = maybe(one('n', 'default'), 1)
const metadata = fc.record({ name, namespace, labels: maybe(one({ app: 'x' }, { app: 'y', tier: 'z' })), annotations: maybe(one({ note: 'x' }), 4) }).map(given)
const set = fc.record({ kind: one(...Object.keys(KINDS) as (keyof typeof KINDS)[]), metadata, rules: few(rule) })
  .map(({ kind, metadata: own, rules }): Json => ({ apiVersion: KINDS[kind][0], kind, metadata: own, spec: { [KINDS[kind][1]]: rules } }))
const configuration = fc.record({ registrySources: fc.record({ blockedRegistries: few(one('x.io', 'y.io')) }) }).map((spec): Json => ({ apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec }))
const env = fc.array(fc.record({ name: one('E', 'F'), value: one('1', '2') }), { maxLength: 2 })
const container = fc.record({ name: one('c', 'd', 'e'), image: maybe(image, 6), env: maybe(env) }).map(given)
const containers = fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: (own) => own['name'] })
const volumes = fc.uniqueArray(fc.record({ name: one('v', 'w'), image: fc.record({ reference: image }) }), { minLength: 1, maxLength: 2, selector: (own) => own.name })
const pod = fc.record({ containers, initContainers: maybe(containers), ephemeralContainers: maybe(containers, 4), volumes: maybe(volumes) }).map(given)
const workload = fc.record({ kind: one(...Object.keys(PODS)), metadata, pod }).map(({ kind, metadata: own, pod: spec }): Json => ({ apiVersion: PODS[kind]![0], kind, metadata: own, ...nest(PODS[kind]![1], spec) }))
const object = fc.oneof({ weight: 3, arbitrary: set }, { weight: 4, arbitrary: workload }, { weight: 1, arbitrary: configuration })

function nest(path: string[], value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
}

const directive = maybe(one('delete', 'replace', 'merge'), 3)
const change = fc.record({ '$patch': directive, name: one('c', 'd', 'e'), image: maybe(fc.oneof(image, fc.constant(null)), 6) }).map(given)
const podChange = fc.record({ $patch: maybe(one('replace', 'merge'), 8), containers: maybe(fc.uniqueArray(change, { minLength: 1, maxLength: 3, selector: (own) => own['name'] }), 6), initContainers: maybe(fc.constant(null), 4), volumes: maybe(volumes, 4) }).map(given)
/** A strategic merge patch for an object of the base, whatever it is. */
const merging = (of: Json): fc.Arbitrary<Json> => {
  const { apiVersion, kind, metadata: own } = of as { apiVersion: string; kind: string; metadata: Json }
  const meta = given({ name: own['name'], namespace: own['namespace'] })
  const spec = kind in PODS ? podChange.map((inner) => nest(PODS[kind]![1], inner))
    : kind === 'Image' ? one({ spec: { registrySources: { insecureRegistries: ['z.io'], blockedRegistries: null } } }, { spec: { registrySources: { $patch: 'replace', allowedRegistries: [] } } })
    : few(rule).map((rules) => ({ spec: { [KINDS[kind as keyof typeof KINDS][1]]: rules } }))
  return fc.oneof({ weight: 20, arbitrary: spec.map((inner): Json => ({ apiVersion, kind, metadata: meta, ...inner })) }, { weight: 1, arbitrary: fc.constant<Json>({ $patch: 'delete', apiVersion, kind, metadata: meta }) })
}
const operation = (of: Json): fc.Arbitrary<Json> => {
  const kind = of['kind'] as string
  const list = kind in PODS ? `/${PODS[kind]![1].join('/')}/containers` : kind === 'Image' ? '/spec/registrySources/blockedRegistries' : `/spec/${KINDS[kind as keyof typeof KINDS][1]}`
  const value = kind in PODS ? container : kind === 'Image' ? one('w.io') : rule
  const inner = kind in PODS ? '/image' : '/source'
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ op: one('add'), path: one(`${list}/-`, `${list}/0`), value }) },
    { weight: 1, arbitrary: fc.record({ op: one('add'), path: one(`${list}/1`, `${list}/-1`), value }) },
    { weight: 6, arbitrary: fc.record({ op: one('add'), path: one(`${list}/0${inner}`), value: image }) },
    { weight: 1, arbitrary: fc.record({ op: one('replace', 'add', 'test'), path: one(`${list}/0${inner}`, `${list}/1${inner}`), value: image }) },
    { weight: 1, arbitrary: fc.record({ op: one('remove'), path: one(`${list}/0`, `${list}/1${inner}`) }) },
    { weight: 3, arbitrary: fc.record({ op: one('copy', 'move'), from: one(`${list}/0`), path: one(`${list}/-`, `${list}/0`, '/spec/other') }) },
    { weight: 1, arbitrary: fc.record({ op: one('replace'), path: one('/metadata/name'), value: one('a', 'c') }) },
  )
}
const target = (of: Json): fc.Arbitrary<Json> => fc.record({
  kind: one(of['kind'], of['kind'], '.*Set', 'Deployment|Pod'), name: maybe(one((of['metadata'] as Json)['name'], '.*', 'a|b', 'p-.*')), namespace: maybe(one('n', 'default'), 4), labelSelector: maybe(one('app=x', 'app in (x, y)', '!app', 'tier,app!=x'), 3),
  group: maybe(one('apps', 'config.openshift.io'), 4), annotationSelector: maybe(one('note=x'), 6),
}).map(given)
const options = maybe(one({ allowNameChange: true }), 4)
const patch = (of: Json): fc.Arbitrary<Json> => fc.oneof(
  fc.record({ patch: merging(of).map((inner) => dump(inner)) }),
  fc.record({ patch: merging(of).map((inner) => dump(inner)), target: target(of), options }).map(given),
  fc.record({ patch: few(operation(of), 3).map((inner) => one2(inner)), target: target(of) }),
)

/** JSON now and then, as both are taken. */
function one2(value: unknown[]): string {
  return value.length % 2 === 0 ? JSON.stringify(value) : dump(value)
}

const renaming = fc.record({ name: one('a.io/x', 'b.io/y', 'x', 'b.io:5000/y', 'a.io/.*'), newName: maybe(one('m.io/new', 'a.io/x'), 3), newTag: maybe(one('v2'), 2), digest: maybe(one('sha256:22'), 2), tagSuffix: maybe(one('-s'), 2) }).map(given)
const transformer = fc.oneof(
  one<Json>({ apiVersion: 'builtin', kind: 'PrefixTransformer', metadata: { name: 't' }, prefix: 't-', fieldSpecs: [{ path: 'metadata/name' }] }),
  renaming.map((imageTag): Json => ({ apiVersion: 'builtin', kind: 'ImageTagTransformer', metadata: { name: 't' }, imageTag, fieldSpecs: [{ path: 'spec/ephemeralContainers[]/image' }, { path: 'spec/volumes[]/image/reference', kind: 'Pod' }] })),
  one<Json>({ apiVersion: 'builtin', kind: 'NamespaceTransformer', metadata: { name: 't', namespace: 'u' }, unsetOnly: true }),
)

/** What a kustomization does to the objects that it may have. */
const layer = (objects: Json[]) => {
  const any = fc.constantFrom(...objects)
  return fc.record({
    patches: maybe(few(any.chain(patch), 3), 3),
    patchesStrategicMerge: maybe(few(any.chain(merging).map((inner) => dump(inner)), 1), 4),
    patchesJson6902: maybe(few(any.chain((of) => fc.record({ target: fc.constant({ version: 'v1', kind: of['kind'], name: (of['metadata'] as Json)['name'] }), patch: few(operation(of)).map(one2) })), 1), 5),
    images: maybe(few(renaming), 3), namePrefix: maybe(one('p-'), 4), nameSuffix: maybe(one('-s'), 5), namespace: maybe(one('n'), 4),
    commonLabels: maybe(one({ app: 'x' }), 6), labels: maybe(one([{ pairs: { tier: 'z' } }]), 6), commonAnnotations: maybe(one({ note: 'x' }), 8), transformers: maybe(few(transformer.map((inner) => `${dump(inner)}`), 1), 6),
  }).map(given)
}

const byIdentity = (of: Json) => JSON.stringify([of['kind'], (of['metadata'] as Json)['name']])

const repository = fc.uniqueArray(object, { minLength: 2, maxLength: 5, selector: byIdentity }).chain((objects) => fc.record({
  base: layer(objects), first: layer(objects), second: layer(objects), component: layer(objects), rest: fc.constant(objects), components: maybe(one(['../component']), 1),
}).map(({ base, first, second, component, rest, components }): Record<string, unknown> => ({
  'base/objects.yaml': rest,
  'base/kustomization.yaml': { resources: ['objects.yaml'], ...base },
  'component/kustomization.yaml': { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component', ...component },
  'first/kustomization.yaml': { resources: ['../base'], ...given({ components }), ...first },
  'second/kustomization.yaml': { resources: ['../first'], ...given({ components }), ...second },
})))
