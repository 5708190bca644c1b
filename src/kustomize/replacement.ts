import type { Path } from '../manifests/document.ts'
import { say, type Scope } from './scope.ts'

/** Fills in an entry of `replacements`. */
export function replace(scope: Scope, _value: unknown, path: Path): void {
  if (scope.items.length > 0) say(scope, path, 'the replacement is not evaluated')
}
