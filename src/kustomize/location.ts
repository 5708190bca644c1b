/** A path as a kustomization writes it, from its folder, normalised and with `/`. */
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

/** Whether what a kustomization names is to be fetched from elsewhere: a URL, a repository. */
export function isRemote(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?:\/\/|:)|^git::|^[\w.-]+@[\w.-]+[:/]|^(?:www\.)?github\.com[/:]|[?&](?:ref|version|timeout|submodules)=|\.git(?:\/|$)/i.test(path)
}

/** Whether a folder is another one, or around it. */
export function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)
}
