/** An OpenShift version as far as it is known: `4.14` leaves the patch open. */
export interface Version {
  text: string
  /** [major, minor] or [major, minor, patch]; arrays of this form compare in order, also in Rego. */
  numbers: number[]
}

const FORM = /^v?(\d+)\.(\d+)(?:\.(\d+)(?:[-+].*)?)?$/

/** `4.14`, `4.14.3`, `v4.14.0-rc.1`, OKD's `4.15.0-0.okd-2024-03-10-010116`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  return { text: text.replace(/^v/, ''), numbers: match.slice(1, 4).filter((part) => part !== undefined).map(Number) }
}

/** Whether `version` is `numbers` or later; `4.14` with the patch unknown is before 4.14.3 and not before 4.14. */
export function atLeast(version: Version, numbers: readonly number[]): boolean {
  for (const [index, wanted] of numbers.entries()) {
    const found = version.numbers[index] ?? -1
    if (found !== wanted) return found > wanted
  }
  return true
}

/** Whether what holds from `numbers` on holds for a version; one that is not known counts as the newest. */
export function since(version: Version | undefined, ...numbers: number[]): boolean {
  return !version || atLeast(version, numbers)
}
