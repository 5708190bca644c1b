import { type Access, isKnown } from './access.ts'
import { refusal } from './refusal.ts'
import type { Observed } from '../log/pulls.ts'
import type { Site } from '../manifests/position.ts'
import type { Step } from '../trace.ts'

/** A failure: what it means here, in a sentence, and what to change; null where nothing is to be changed. */
export interface Cause {
  means: string
  change: string | null
}

/** What is known of a location that failed. */
export interface Failed {
  observed: Observed
  /** What was predicted of it; undefined where it was not. */
  step: Step | undefined
  mirror: boolean
  /** There are mirrors before it. */
  last: boolean
  access: Access
  image: string
  disconnected: boolean
}

type Told = (failed: Failed & { host: string; name: string; repository: string; reference: string; named: string }) => Cause

/** Says of a failure what it means, and names the host, the file and line that name it, and what to change. */
export function remedy(failed: Failed): Cause {
  const reference = failed.observed.reference ?? failed.image
  const repository = reference.split('@', 1)[0]!.replace(/:[^/:]*$/, '')
  const [host] = repository.split('/', 1) as [string]
  const named = failed.mirror && failed.step?.site ? `where it is named, ${at(failed.step.site)}` : failed.mirror ? 'in the registries.conf of the node' : 'in the image'
  const { class: kind, message } = failed.observed
  const refused = kind === 'unknown' || kind === 'manifest-missing' ? refusal(message ?? '', { repository: failed.observed.reference === null ? null : repository, reference, named }) : undefined
  return refused ?? MEANINGS[kind ?? 'unknown']({ ...failed, host, name: host.replace(/:\d+$/, ''), repository, reference, named })
}

export function at({ file, line, column }: Site): string {
  return `${file}:${line}:${column}`
}

const MEANINGS: Record<NonNullable<Observed['class']>, Told> = {
  dns: (told) => unreached(told, `\`${told.name}\` has no address in the DNS that the node asks`, `add it there, or correct the host ${told.named}`),
  refused: (told) => unreached(told, `nothing accepts connections at \`${told.host}\``, `start the registry, or correct host and port ${told.named}; \`curl -v https://${told.host}/v2/\` on the node shows the same`),
  timeout: (told) => unreached(told, `\`${told.host}\` does not answer the node in time`, `open the way to it: firewall, route, and \`noProxy\` of Proxy/cluster, which has to name \`${told.name}\` if there is a proxy`),
  'unknown-ca': ({ host, access }) => ({ means: `the node does not trust the authority that signed the certificate of \`${host}\`${trusted(host, access)}`, change: trust(host, access) }),
  'wrong-name': ({ host, name, named }) => ({ means: `the certificate of \`${host}\` is for other names`, change: `have it issued for \`${name}\` (as a subject alternative name), or write a name that it holds ${named}` }),
  expired: ({ host }) => ({ means: `the certificate of \`${host}\` has expired, or the clock of the node is wrong`, change: `renew it on the registry; \`chronyc tracking\` on the node shows the clock` }),
  'plain-http': ({ host, step }) => ({ means: `\`${host}\` speaks plain HTTP${step?.insecure ? ', and the node does not know that this is allowed, though the manifests say so' : ', and nothing says that this is allowed'}`, change: `give the registry a certificate, or list \`${host}\` in \`registrySources.insecureRegistries\` of Image/cluster` }),
  unauthorized: ({ host, repository, access, observed, mirror }) => ({ means: `\`${host}\` answered 401${sent(observed)}${observed.login ? '' : lacks(repository, host, access)}`, change: credentials(repository, host, access, mirror, observed.login) }),
  forbidden: ({ host, repository, observed }) => /Forbidden$|Proxy/.test(observed.message ?? '')
    ? { means: `a proxy does not let the node through to \`${host}\``, change: `name \`${host}\` in \`noProxy\` of Proxy/cluster, or allow it on the proxy` }
    : { means: `\`${host}\` does not let the node pull \`${repository}\``, change: `let the account in the global pull secret read \`${repository}\`; some registries answer so where there is no such repository, or no credentials were sent` },
  'manifest-missing': ({ reference, repository, mirror, named }) => mirror
    ? { means: `the image is not on the mirror \`${repository}\`: nothing has copied it there`, change: `copy it, with oc-mirror or \`skopeo copy --all\`; if it is there under another path, correct the mirror ${named}. \`skopeo inspect --raw docker://${reference}\` shows whether it is` }
    : { means: `\`${repository}\` has no such image`, change: `correct tag or digest of the image, or push it; \`skopeo inspect --raw docker://${reference}\` shows whether it is there` },
  'blob-missing': ({ repository, observed, image }) => ({ means: `${observed.reference === null ? 'the location that serves the manifest' : `\`${repository}\``} has the manifest and lacks a layer, so no other location is tried`, change: `${observed.reference === null ? `see which it is, \`mirrorproof trace ${image} --probe --deep\` tells, and ` : ''}copy the image again in full (\`skopeo copy --all\`, or oc-mirror with an empty cache); a registry that prunes must keep its layers` }),
  'server-error': ({ host }) => ({ means: `\`${host}\`, or what stands before it, has an error of its own`, change: `see its logs; 502 and 503 come from a load balancer whose registry is down` }),
  blocked: ({ observed, step, host }) => ({ means: `${(observed.message ?? `\`${host}\` is blocked`).split(' in ', 1)[0]} for the nodes, as ${step?.blocked && step.site ? `${at(step.site)} says` : '`blockedRegistries` or `NeverContactSource` says'}`, change: step?.blocked && !step.mirror ? null : 'take the registry off that list, or mirror from elsewhere' }),
  'bad-rewrite': () => ({ means: 'the image and one of its mirrors do not make a reference when they are joined, so the whole pull fails', change: 'correct the mirror: lower case, no slash at its end, no scheme; `mirrorproof check` finds it' }),
  'bad-configuration': ({ observed }) => ({ means: `the node cannot read its configuration of registries, so every pull fails${file(observed)}`, change: 'correct the object or MachineConfig that makes that file; `mirrorproof check` and `mirrorproof render` show which' }),
  'short-name': ({ image, observed }) => /enforc/.test(observed.message ?? '')
    ? { means: `\`${image}\` names no registry, several may be meant, and the program must not try one after the other (short-name-mode)`, change: 'write the image in full, or leave one registry alone in `containerRuntimeSearchRegistries` of Image/cluster' }
    : { means: `\`${image}\` names no registry, and the program does not know which one is meant`, change: 'write the image in full, or set `containerRuntimeSearchRegistries` in Image/cluster' },
  policy: ({ image }) => ({ means: `policy.json of the node does not allow \`${image.split('@', 1)[0]}\`, wherever its bytes come from`, change: 'allow the source, and not only its mirror, in `registrySources.allowedRegistries` of Image/cluster, or take it off `blockedRegistries`' }),
  signature: ({ image }) => ({ means: `no signature that the node accepts was found for \`${image.split('@', 1)[0]}\``, change: 'mirror the signatures too (oc-mirror does; `skopeo copy` where registries.d says so), or correct the ImagePolicy or ClusterImagePolicy' }),
  'rate-limit': ({ host }) => ({ means: `\`${host}\` has had too many requests from here`, change: `wait, put credentials for \`${host}\` into the global pull secret, or mirror the image` }),
  unknown({ observed: { message }, reference, image }) {
    if (message === null) return { means: `\`${reference}\` failed, and the log does not say why`, change: 'CRI-O tells it at level debug, and in the event of the pod: feed `oc describe pod` too' }
    const misnamed = /^couldn't parse image .*?": (?:invalid reference format: )?(.+)/s.exec(message)?.[1]
    return misnamed === undefined ? { means: `\`${reference}\` failed in a way that is not known here`, change: null } : { means: `\`${image}\` is no image reference: ${misnamed}`, change: 'correct the image in the pod; until then nothing is pulled' }
  },
}

/** Where a source lies behind mirrors, it is meant not to be reached often enough. */
function unreached({ mirror, last, disconnected, host }: Failed & { host: string }, means: string, change: string): Cause {
  if (mirror) return { means, change }
  if (last) return { means: `${means}; it is the source, which is tried only when every mirror has failed`, change: null }
  return { means, change: `${disconnected ? '' : `let nodes reach \`${host}\`, or `}give the image a mirror: no mirror was tried for it` }
}

function trusted(host: string, { trust, bundle }: Access): string {
  const single = singly(host, trust)
  return bundle ? `${single}${single === '' ? ':' : ', and'} ${bundle.title} (${at(bundle.site)}), which holds for all registries, does not have it or has not reached the node` : single
}

function singly(host: string, trust: Access['trust']): string {
  if (trust === undefined) return ''
  if (trust === null) return ': Image/cluster names no `additionalTrustedCA`'
  if (trust.keys === undefined) return `: ConfigMap/${trust.name}, which Image/cluster names (${at(trust.site!)}), is not among the manifests`
  return trust.keys.has(keyFor(host)) ? `, though ConfigMap/${trust.name} has the key \`${keyFor(host)}\`` : `: ConfigMap/${trust.name} has no key \`${keyFor(host)}\` (${at(trust.site!)})`
}

function trust(host: string, { trust, bundle }: Access): string {
  const key = keyFor(host)
  if (trust?.keys?.has(key)) return `put the authority of that very certificate under it (\`openssl s_client -showcerts -connect ${host.includes(':') ? host : `${host}:443`}\`), and see whether nodes have it: \`ls /etc/docker/certs.d/${host}\``
  return `add the authority under the key \`${key}\` to ${trust ? `ConfigMap/${trust.name}` : 'the ConfigMap that `additionalTrustedCA` of Image/cluster names'} in openshift-config${bundle ? `, or to ${bundle.title}` : ''}`
}

/** A colon cannot stand in the key of a ConfigMap. */
function keyFor(host: string): string {
  return host.replace(':', '..')
}

function lacks(repository: string, host: string, { credentials }: Access): string {
  if (!credentials) return ''
  const where = credentials.site ? ` (${at(credentials.site)})` : ''
  return isKnown(credentials.registries, repository) ? `, though ${credentials.title} holds some for it${where}` : `: the global pull secret lacks \`${host}\`${where}`
}

function sent({ login }: Observed): string {
  return login === undefined ? '' : login === null ? ', and no credentials were found for it' : `, and did not take the credentials that \`${login}\` has for it`
}

function credentials(repository: string, host: string, { credentials }: Access, mirror: boolean, login: Observed['login']): string {
  if (login) return `correct them, in the global pull secret if nodes have the same; or let that account read \`${repository}\` (some registries answer 401 for a repository that there is not)`
  if (credentials && isKnown(credentials.registries, repository)) return `see whether the account may read \`${repository}\` (some registries answer 401 for a repository that there is not), and whether nodes have that secret: \`jq '.auths|keys' /var/lib/kubelet/config.json\``
  return `add \`${host}\` to the global pull secret, \`pull-secret\` in openshift-config${mirror ? ': secrets of a project do not count for mirrors' : ', or to a secret that the pod names in `imagePullSecrets`, since this is no mirror'}${credentials ? '' : `. \`jq '.auths|keys' /var/lib/kubelet/config.json\` on the node shows what is in it; where it holds \`${host}\`, the login is wrong`}`
}

function file({ message }: Observed): string {
  const found = /configuration "([^"]{1,200})"/.exec(message ?? '')?.[1]
  return found === undefined ? '' : `: \`${found}\``
}
