/** The folder that a place lies in; empty where it has none. */
export function folderOf(place: string): string {
  return place.slice(0, Math.max(place.lastIndexOf('/'), 0))
}

/** The folders around a place, from the inside. */
export function foldersAround(place: string): string[] {
  const folders: string[] = []
  for (let cut = place.lastIndexOf('/'); cut > 0; cut = place.lastIndexOf('/', cut - 1)) folders.push(place.slice(0, cut))
  return folders
}

/** Places by the folder that they lie in. */
export function byFolder(places: Iterable<string>): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const place of places) {
    const folder = folderOf(place)
    const same = folders.get(folder)
    if (same) same.push(place)
    else folders.set(folder, [place])
  }
  return folders
}

/** The last step of a place. */
export function basename(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1)
}

/** Whether a place is another one, or lies in it. */
export function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)
}

/** Another path as a file in `folder` writes it, normalised. */
export function join(folder: string, path: string): string {
  const absolute = path.startsWith('/')
  const steps: string[] = []
  for (const step of (absolute ? path : `${folder}/${path}`).split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else steps.push(step)
  }
  return (absolute || folder.startsWith('/') ? '/' : '') + steps.join('/')
}

/** What names a kustomization. */
export function isKustomization(path: string): boolean {
  return /(?:^|[/\\])(?:kustomization\.ya?ml|Kustomization)$/.test(path)
}

/** The folder that the places of a running cluster's objects lie in. */
export const LIVE = 'live:'

/** The path and the place of standard input. */
export const STREAM = 'stdin'
