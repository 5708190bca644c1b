/** An entry in block style, to which mirrors can be appended. */
export const ORG = '  - source: quay.io/org\n    mirrors:\n    - mirror.lab/org\n'
/** What an ImageDigestMirrorSet must not have. */
export const TAGGED = '  - source: quay.io/org:1\n    mirrors:\n    - mirror.lab/org\n'

export const icsp = (name: string, entries = ORG) => `apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata:\n  name: ${name}\nspec:\n  repositoryDigestMirrors:\n${entries}`
export const idms = (name: string, entries = ORG) => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata:\n  name: ${name}\nspec:\n  imageDigestMirrors:\n${entries}`

/** The object as JSON. */
export const file = (name: string) => ({ apiVersion: 'operator.openshift.io/v1alpha1', kind: 'ImageContentSourcePolicy', metadata: { name }, spec: { repositoryDigestMirrors: [{ source: 'quay.io/org', mirrors: ['mirror.lab/org'] }] } })

export const indented = (by: number, text: string) => text.replace(/^(?=.)/gm, ' '.repeat(by))
