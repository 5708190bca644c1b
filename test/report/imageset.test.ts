import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ProbedImage } from '../../src/diagnosis/answer.ts'
import { formatReference, parseReference, pulled, type Reference } from '../../src/registries/reference.ts'
import { imageset } from '../../src/report/imageset.ts'

/**
 * What oc-mirror v2 wants of its configuration, by its source: internal/pkg/config/load.go reads it strictly (one document, no field twice, none that it does not know),
 * wants `kind` and `mirror`, and passes over an image without tag or digest (internal/pkg/image/image.go, ParseRef).
 */
const HEX = 'ab'.repeat(32)
const D = `sha256:${HEX}`

/** An image as it is written, and how it is listed. */
const TABLE: [why: string, image: string, name: string][] = [
  ['a tag', 'quay.io/org/app:1.2', 'quay.io/org/app:1.2'],
  ['a digest', `quay.io/org/app@${D}`, `quay.io/org/app@${D}`],
  ['both: nodes pull by the digest', `quay.io/org/app:1.2@${D}`, `quay.io/org/app@${D}`],
  ['neither', 'quay.io/org/app', 'quay.io/org/app:latest'],
  ['a short form of Docker Hub, whose first part oc-mirror would take for a registry', 'docker.io/nginx:1', 'docker.io/library/nginx:1'],
  ['a port and a tag', 'registry.corp:5000/org/app:v1', 'registry.corp:5000/org/app:v1'],
  ['a port and a digest, where oc-mirror from 4.22 on takes the port for a tag and gives up', `registry.corp:5000/org/app@${D}`, `registry.corp:5000/org/app:sha256-${HEX}@${D}`],
  ['this machine', `localhost:5000/app@${D}`, `localhost:5000/app:sha256-${HEX}@${D}`],
  ['this machine without a port', 'localhost/app:v1', 'localhost/app:v1'],
  ['a longer digest, which is too long for a tag', `registry.corp:5000/org/app@sha512:${HEX}${HEX}`, `registry.corp:5000/org/app@sha512:${HEX}${HEX}`],
]

const probed = (image: string): ProbedImage => ({
  cluster: '.', image, reference: formatReference(pulled(parseReference(image) as Reference)), certain: true, site: { file: 'a.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 }, first: false, own: false,
  conclusion: { by: 'nothing', number: 0, uncopied: true, verdict: '' }, answers: [],
})
const document = (additionalImages: unknown) => ({ apiVersion: 'mirror.openshift.io/v2alpha1', kind: 'ImageSetConfiguration', mirror: { additionalImages } })

for (const [why, image, name] of TABLE) {
  test(`imageset :: ${why}`, () => {
    assert.equal(load(imageset([probed(image)])), document([{ name }]))
    assert.match(name, /^[^/]+\/.*(?::[^/:@]+|@[^@]+)$/, 'a registry, and a tag or a digest')
    assert.ok((/:([^/:@]+)(?:@|$)/.exec(name.replace(/^[^/]+/, ''))?.[1] ?? '').length <= 128, 'a tag is no longer')
  })
}

test('imageset :: sorted, each once, and nothing that is not known to be missing', () => {
  const unsure = { ...probed('quay.io/org/c:1'), certain: false }
  assert.equal(load(imageset([probed('quay.io/org/b:1'), probed('quay.io/org/a:1'), probed('quay.io/org/b:1'), unsure])), document([{ name: 'quay.io/org/a:1' }, { name: 'quay.io/org/b:1' }]))
})

test('imageset :: nothing is an empty list, and the mirror is there all the same', () => assert.equal(load(imageset([])), document([])))

test.run()
