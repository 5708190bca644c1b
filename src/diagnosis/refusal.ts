import { isLater } from '../log/outcome.ts'
import type { Cause } from './remedy.ts'

/** Where it came from; the repository is null where the log does not say it. */
interface Place {
  repository: string | null
  reference: string
  /** Where the location is named. */
  named: string
}

/** What nodes refuse of what a registry hands out, in the words of containers/image (image/unparsed.go, copy/digesting_reader.go, manifest/list.go, iolimits). */
const REFUSALS: [words: RegExp, means: (where: string) => string, change: (place: Place) => string][] = [
  [/Manifest does not match provided manifest digest/, (where) => `what ${where} hands out is not the manifest of the digest that was asked for`, ({ reference, named }) => `see what it is: \`${curl(reference)}\`. A page for people is of a proxy or a login in between; another manifest is of a cache or damaged storage: push the image there again, or correct the mirror ${named}`],
  [/copying system image from manifest list: .*(?:manifest unknown|not found|StatusCode: 404)/s, (where) => `${where} has the index of the image, and lacks the manifest of the node's platform`, () => 'copy the image with all its platforms (`skopeo copy --all`, or oc-mirror)'],
  [/no image found in (?:image index|manifest list)|no matching manifest/, (where) => `what ${where} has of the image is for other platforms than the node's`, ({ reference }) => `\`skopeo inspect --raw docker://${reference}\` shows for which; take an image that is built for the node, or copy it with all its platforms (\`skopeo copy --all\`)`],
  [/Digest did not match, expected|Download config\.json digest|[Ss]ize mismatch|blob.*unexpected EOF/s, (where) => `a layer or the config that ${where} hands out is cut off or damaged`, () => 'pull again; if it fails again, delete the image there and copy it anew: a registry keeps the blobs that it believes to have'],
  [/unsupported schema version|unsupported docker v2s2 media type|invalid character|unexpected end of JSON input/, (where) => `what ${where} hands out is no manifest, or its Content-Type is not that of one`, ({ reference }) => `see what it is: \`${curl(reference)}\`. A page for people is of a proxy or a login in between; a plain server of files does not tell the type of a manifest`],
  [/exceeded maximum allowed size of \d+ bytes/, (where) => `${where} sends more than nodes take for a manifest, 4 MiB`, ({ reference }) => `see what it is: \`${curl(reference)}\``],
  [/^unexpected EOF$/, (where) => `${where} breaks off in the middle of its answer`, () => 'see the logs of the registry, and of what stands before it'],
]

/** Says of an error what a registry handed out that nodes refuse; undefined where it is another error. */
export function refusal(error: string, place: Place): Cause | undefined {
  const found = REFUSALS.find(([words]) => words.test(error))
  if (!found) return undefined
  const [, means, change] = found
  const repository = place.repository ?? /reading manifest \S{1,200} in (\S{1,300}): /.exec(error)?.[1]
  const where = repository === undefined ? 'the location that was tried last, which the log does not name,' : `\`${repository}\``
  const ask = `the journal of CRI-O names the locations that were tried, and \`mirrorproof trace ${place.reference} --probe --deep\` asks them`
  return { means: `${means(where)}${isLater(error) ? ', and no other location is tried after that' : ''}`, change: repository === undefined ? ask : change(place) }
}

function curl(reference: string): string {
  const [, host, path, last] = /^([^/]+)\/(.+?)[@:]([^/]+)$/.exec(reference) ?? []
  return host === undefined ? `skopeo inspect --raw docker://${reference}` : `curl -ki https://${host}/v2/${path}/manifests/${last}`
}
