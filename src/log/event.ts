import { formatReference, isShortName, parseReference, pulled } from '../registries/reference.ts'
import { registryOf } from './name.ts'
import { isLater } from './outcome.ts'
import { unquoted } from './quote.ts'

export type Program = 'podman' | 'skopeo' | 'CRI-O' | 'kubelet'

/** What a record tells of a pull. References are normalised as nodes pull them. */
export type Event =
  | { type: 'program'; program: Program; authfile: boolean }
  /** A file that registries are configured in. */
  | { type: 'configuration'; path: string }
  /** `completes` is the name that was asked for, where the image is one that it may stand for. */
  | { type: 'begin'; image: string; program: Program; completes?: string }
  | { type: 'try'; reference: string }
  /** The file of credentials that has some for a repository; null where no file has. */
  | { type: 'login'; repository: string; file: string | null }
  /** A file of credentials that was looked into. */
  | { type: 'credentials'; file: string }
  | { type: 'fail'; reference: string; error: string }
  /** The manifest of an image was had. */
  | { type: 'served'; image: string }
  | { type: 'done'; image: string }
  /** The image at hand was pulled. */
  | { type: 'written' }
  /** The pull failed; without an image, the one at hand. */
  | { type: 'end'; image: string | undefined; error: string; program: Program | undefined }
  /** A pod names an image by what is no reference. */
  | { type: 'misnamed'; image: string; error: string }
  | { type: 'again'; image: string; program: Program }

/** `said` is what the program said from the phrase on, `record` all of it. */
type Read = (said: string, record: string) => Event | undefined

const REST = 16_384
const LONGEST = 65_536
/** As many phrases of a record are looked at. */
const MOST = 10

/** In each record, the first phrase that tells something counts. */
const PHRASES: Record<string, Read> = {
  'Trying to access "': (said) => withReference(between(said, '"', '"'), (reference) => ({ type: 'try', reference })),
  'Accessing "': (said) => {
    const failed = said.indexOf('" failed: ')
    return failed < 0 ? undefined : withReference(between(said, '"', '"'), (reference) => ({ type: 'fail', reference, error: said.slice(failed + 10) }))
  },
  'Failed to pull image "': (said) => ended(between(said, '"', '"'), after(said, '": '), 'kubelet'),
  'Error pulling candidate ': (said) => ended(word(said, 'Error pulling candidate '), after(said, ': '), 'podman'),
  'short name mode is ': failed,
  'Error parsing image name "': (said) => ended(withoutTransport(between(said, '"', '"')), after(said, '": '), 'skopeo'),
  'initializing source docker://': source,
  'initializing image from source docker://': source,
  'Failed to apply default image tag "': (said) => {
    const [image, error] = [between(said, '"', '"'), after(said, '": ')]
    return image === '' || error === undefined ? undefined : { type: 'misnamed', image: image.slice(0, 600), error }
  },
  'image pull failed for ': (said) => ended(word(said, 'image pull failed for '), after(said, ': '), 'kubelet'),
  'Back-off pulling image "': (said) => {
    const error = /^Back-off pulling image "[^"]*": (?:ErrImagePull|RegistryUnavailable|SignatureValidationFailed): /.test(said)
    return error ? ended(between(said, '"', '"'), after(said, '": '), 'kubelet') : withReference(between(said, '"', '"'), (image) => ({ type: 'again', image: asked(between(said, '"', '"'), image), program: 'kubelet' }))
  },
  '(Mirrors also failed: [': failed,
  'rpc error: code = ': (said, record) => (/PullImage|ErrImagePull|pull image/i.test(record) ? failed(said, record) : undefined),
  'ErrImagePull: "': (_, record) => failed(unquoted(record, record.indexOf('"', record.indexOf('ErrImagePull: ')) + 1).slice(0, REST), record),
  'Source image rejected': failed,
  'reading blob sha256:': failed,
  'copying system image from manifest list': failed,
  'loading registries configuration "': failed,
  'short-name ': (said, record) => (/did not resolve|enforced but cannot prompt/.test(said) ? failed(said, record) : undefined),
  'Loading registries configuration "': (said) => ({ type: 'configuration', path: between(said, '"', '"').slice(0, 400) }),
  'Attempting to pull candidate ': (said) => withReference(word(said, 'Attempting to pull candidate '), (image) => ({ type: 'begin', image, program: 'podman', completes: word(after(said, ' for ') ?? '', '') })),
  'Trying to pull ': (said) => began(word(said, 'Trying to pull ').replace(/\.\.\.$/, ''), 'podman'),
  'Pulling image: ': (said) => began(word(said, 'Pulling image: '), 'CRI-O'),
  'Pulling image "': (said) => began(between(said, '"', '"'), 'kubelet'),
  'Pulling image ': (said) => (said.includes(' (policy: ') ? began(word(said, 'Pulling image '), 'podman') : undefined),
  'IsRunningImageAllowed for image docker:': (said) => withReference(word(said, 'IsRunningImageAllowed for image docker:'), (image) => ({ type: 'served', image })),
  'Pulled candidate ': (said) => done(word(said, 'Pulled candidate ')),
  'Pulled image: ': (said) => done(word(said, 'Pulled image: ')),
  'Successfully pulled image "': (said) => done(between(said, '"', '"')),
  'Writing manifest to image destination': () => ({ type: 'written' }),
  'No credentials for ': (said) => ({ type: 'login', repository: word(said, 'No credentials for ').slice(0, 300), file: null }),
  'No credentials matching ': (said) => withFile(said, (file) => ({ type: 'credentials', file })),
  'Found credentials for ': (said) => withFile(said, (file) => ({ type: 'login', repository: word(said, 'Found credentials for ').slice(0, 300), file })),
  'GET http': (said) => {
    const [, host, repository, last] = /^GET https?:\/\/([\w.:[\]-]{1,255})\/v2\/([\w./-]{1,255})\/manifests\/([\w:.-]{1,160})/.exec(said) ?? []
    if (host === undefined) return undefined
    return withReference(`${registryOf(host)}/${repository}${last!.includes(':') ? '@' : ':'}${last}`, (reference) => ({ type: 'try', reference }))
  },
  'Called pull.PersistentPreRunE(': (said) => ({ type: 'program', program: 'podman', authfile: said.includes('--authfile') }),
}

const FIRST = new RegExp(Object.keys(PHRASES).map((phrase) => phrase.replace(/[()[\]:.]/g, '\\$&').replace('"', '\\\\*"')).join('|'), 'g')

/** What a record tells, at most one thing for each line that it says. */
export function events(text: string): Event[] {
  return text.split(/(?=\btime="\d{4}-\d\d)|(?<=\s)(?=(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\[\d{4,}\] )|(?=,\s?"message": ?")/).flatMap((one) => event(one.slice(0, LONGEST)) ?? [])
}

function event(record: string): Event | undefined {
  let left = MOST
  for (const { 0: found, index } of record.matchAll(FIRST)) {
    if (left-- === 0) return undefined
    const said = unquoted(record, index).slice(0, REST)
    const told = PHRASES[found.replaceAll('\\', '')]!(said, record)
    if (told) return told.type === 'end' || told.type === 'begin' ? { ...told, program: programOf(record) ?? told.program } as Event : told
  }
  return last(record)
}

/** What ends podman or skopeo without any of the phrases. */
function last(record: string): Event | undefined {
  const { 0: lead, index } = /^\s{0,20}Error: |\blevel=fatal msg=\\{0,9}"/.exec(record) ?? { 0: '', index: 0 }
  if (lead === '') return undefined
  const said = unquoted(record, index + lead.length).slice(0, REST)
  return isLater(said) ? { ...failed(said, record), program: lead.includes('fatal') ? 'skopeo' : 'podman' } as Event : undefined
}

/** Who wrote a line of a journal. */
function programOf(record: string): Program | undefined {
  if (/\bcrio\[\d|"(?:SYSLOG_IDENTIFIER|_COMM)" ?: ?"crio"/.test(record)) return 'CRI-O'
  if (/\blevel=fatal\b/.test(record)) return 'skopeo'
  return /\b(?:kubelet|kubenswrapper|hyperkube)\[\d|"(?:SYSLOG_IDENTIFIER|_COMM)" ?: ?"(?:kubelet|kubenswrapper)"|\bkubelet {1,20}\S/.test(record) ? 'kubelet' : undefined
}

function source(said: string, record: string): Event | undefined {
  const start = said.indexOf('docker://') + 9
  const colon = said.indexOf(': ', start)
  const image = imageOf(record) ?? normal(said.slice(start, Math.max(colon, start)))
  return colon < 0 || image === undefined ? undefined : { type: 'end', image, error: isLater(said) ? said : said.slice(colon + 2), program: undefined }
}

function failed(said: string, record: string): Event {
  const source = /\bdocker:\/\/(\S{1,600}): /.exec(said)?.[1]
  return { type: 'end', image: imageOf(record) ?? (source === undefined ? shortIn(said) : normal(source)), error: said, program: undefined }
}

function shortIn(said: string): string | undefined {
  const name = /^short-name "([^"]{1,600})" did not resolve|^short name mode is \w+, but image name (\S{1,600}) returns/.exec(said)?.slice(1).find((one) => one !== undefined)
  return name === undefined || normal(name) === undefined ? undefined : asked(name, normal(name)!)
}

/** The image that a line of kubelet names beside its message. */
function imageOf(record: string): string | undefined {
  const written = /\simage=\\*"([^"\\\s]{1,600})\\*"/.exec(record)?.[1]
  const reference = written === undefined ? undefined : normal(written)
  return reference === undefined ? undefined : asked(written!, reference)
}

function ended(image: string, error: string | undefined, program: Program | undefined): Event | undefined {
  return error === undefined ? undefined : withReference(image, (reference) => ({ type: 'end', image: program === 'kubelet' ? asked(image, reference) : reference, error, program }))
}

function began(image: string, program: Program): Event | undefined {
  return withReference(image, (reference) => ({ type: 'begin', image: asked(image, reference), program }))
}

/** A short name stays as it is until something completes it. */
function asked(image: string, reference: string): string {
  return isShortName(image) ? image : reference
}

function done(image: string): Event | undefined {
  return withReference(image, (reference) => ({ type: 'done', image: reference }))
}

function withReference(text: string, make: (reference: string) => Event): Event | undefined {
  const reference = normal(text)
  return reference === undefined ? undefined : make(reference)
}

/** A file of credentials stands at the end. */
function withFile(said: string, make: (file: string) => Event): Event | undefined {
  const file = / in (?:file )?([^\s"]{1,400})"?\s*$/.exec(said.split('\n', 1)[0]!)?.[1]
  return file === undefined ? undefined : make(file)
}

/** A reference as a node pulls it; undefined where it is none, as one that is cut off. */
function normal(text: string): string | undefined {
  if (text.length > 600) return undefined
  const reference = parseReference(text)
  return 'error' in reference ? undefined : formatReference(pulled(reference))
}

function between(text: string, open: string, close: string): string {
  const start = text.indexOf(open) + 1
  const end = text.indexOf(close, start)
  return end < 0 ? '' : text.slice(start, end)
}

function after(text: string, mark: string): string | undefined {
  const at = text.indexOf(mark)
  return at < 0 ? undefined : text.slice(at + mark.length)
}

function word(text: string, phrase: string): string {
  return text.slice(phrase.length).split(/[\s,"]/, 1)[0]!.replace(/:$/, '')
}

function withoutTransport(name: string): string {
  return name.replace(/^docker:\/\//, '')
}
