/** Whether what a kustomization names is to be fetched from elsewhere: a URL, a repository. */
export function isRemote(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?:\/\/|:)|^git::|^[\w.-]+@[\w.-]+[:/]|^(?:www\.)?github\.com[/:]|[?&](?:ref|version|timeout|submodules)=|\.git(?:\/|$)/i.test(path)
}
