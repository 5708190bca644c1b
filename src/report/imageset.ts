import { type ProbedImage, uncopied } from '../diagnosis/answer.ts'

/** What oc-mirror v2 has yet to copy, as its configuration: the images that are on no mirror, sorted, each once. References hold no character that YAML minds. */
export function imageset(images: readonly ProbedImage[]): string {
  const names = uncopied(images)
  const list = names.length === 0 ? ' []\n' : `\n${names.map((name) => `  - name: ${name}\n`).join('')}`
  return `apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\nmirror:\n  additionalImages:${list}`
}
