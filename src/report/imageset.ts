import { type ProbedImage, uncopied } from '../diagnosis/answer.ts'

/** A host with a port, and a digest without a tag. */
const PORT = /^([^/@]+:\d+\/[^:@]+)@(sha256):([0-9a-f]{64})$/

/**
 * What oc-mirror v2 has yet to copy, as its configuration: the images that are on no mirror, sorted, each once. References hold no character that YAML minds, and are
 * in full, for oc-mirror takes what is before the first slash for the registry (image.go, ParseRef).
 */
export function imageset(images: readonly ProbedImage[]): string {
  const names = uncopied(images)
  const list = names.length === 0 ? ' []\n' : `\n${names.map((name) => `  - name: ${forMirror(name)}\n`).join('')}`
  return `apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\nmirror:\n  additionalImages:${list}`
}

/**
 * By two colons and a digest, oc-mirror from 4.22 on sees a reference with tag and digest, and gives up where a port was one of them (image.go, IsImageByTagAndDigest;
 * additional/local_stored_collector.go). With a tag, it and those before it pull by the digest; this tag is the one that they give to images without.
 */
function forMirror(name: string): string {
  return name.replace(PORT, '$1:$2-$3@$2:$3')
}
