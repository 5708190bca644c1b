import { load } from 'js-yaml'
import { UserError } from '../error.ts'
import { describe, sentence, type Validate } from '../openshift/shape.ts'
import type { Level } from './engine.ts'
import type { Facts } from './facts.ts'
import { validateMetadata } from './metadata.generated.ts'
import { idOf, type Rule } from './rule.ts'

/** The METADATA of a rule, in the form of OPA's annotations (https://www.openpolicyagent.org/docs/policy-language#metadata). */
export interface Metadata {
  /**
   * What it finds, in a few words.
   * @minLength 1
   */
  title: string
  /**
   * What happens on the cluster.
   * @minLength 1
   */
  description: string
  /** Where that is written. */
  related_resources?: {
    /** @minLength 1 */
    description: string
    /** @minLength 1 */
    ref: string
  }[]
  /** What OPA leaves to us. */
  custom: {
    /** The level that it has unless it says otherwise; see `versions`. */
    level: Level
    /**
     * What to do.
     * @minLength 1
     */
    fix: string
    /**
     * For which OpenShift versions, and when the level differs.
     * @minLength 1
     */
    versions: string
    /** What brings people to it: `pull-fails`, `upgrade-stuck`, … */
    situations?: string[]
    /** What the operator, a node or the API server says, in their words. */
    logs?: string[]
    /** Lists of facts: where all of them are empty, the rule finds nothing and need not be asked. */
    facts?: Exclude<keyof Facts, 'rules' | 'cluster'>[]
    /** Kinds on whose absence its findings rest: where objects of one of them could not be read of a running cluster, the rule is not asked. */
    absent?: string[]
  }
  /** OPA's own, which mean nothing here. */
  scope?: string
  authors?: unknown
  organizations?: unknown
}

const PACKAGE = /^mirrorproof\.rules\.([a-z][a-z0-9_]*)$/

/**
 * The rule that a .rego file describes. `file` names it in errors; lines of `text` end in `\n`.
 * @throws UserError where it has no package or METADATA, or something is wrong with them.
 */
export function ruleOf(file: string, text: string): Rule {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => /^\s*package\s/.test(line))
  const path = /^\s*package\s+([^\s#;]+)/.exec(lines[at] ?? '')?.[1]
  if (path === undefined) throw new UserError(`${file}: there is no package`)
  const name = PACKAGE.exec(path)?.[1]
  if (name === undefined) throw new UserError(`${file}: the package is ${path}, where a rule's is mirrorproof.rules.NAME in lower case with _ between words`)
  const { title, description, related_resources: references = [], custom } = metadata(file, commentAbove(lines, at))
  return {
    id: idOf(name), title, level: custom.level, why: description, fix: custom.fix, versions: custom.versions,
    references: references.map(({ description: label, ref }) => ({ text: label, url: ref })), situations: custom.situations ?? [], logs: custom.logs ?? [],
    ...(custom.facts ? { facts: custom.facts } : {}),
    ...(custom.absent ? { absent: custom.absent } : {}),
  }
}

/** The lines of the comment that stands right above a line. */
function commentAbove(lines: readonly string[], at: number): string[] {
  let end = at
  while (end > 0 && lines[end - 1]!.trim() === '') end--
  let start = end
  while (start > 0 && lines[start - 1]!.startsWith('#')) start--
  return lines.slice(start, end)
}

/** What follows METADATA in a comment is YAML, as OPA reads it. */
function metadata(file: string, comment: readonly string[]): Metadata {
  const start = comment.findIndex((line) => /^#\s*METADATA\s*$/.test(line))
  if (start < 0) throw new UserError(`${file}: there is no METADATA right above the package`)
  const value = yaml(file, comment.slice(start + 1).map((line) => line.replace(/^# ?/, '')).join('\n'))
  const validate = validateMetadata as Validate
  if (validate(value)) return value as Metadata
  const [error] = validate.errors ?? []
  const defect = error && describe(error, value, () => [])
  throw new UserError(`${file}: METADATA: ${defect ? sentence(defect) : 'not what it should be'}`)
}

function yaml(file: string, text: string): unknown {
  try {
    return load(text)
  } catch (error) {
    throw new UserError(`${file}: METADATA is no YAML: ${(error as { reason?: string }).reason ?? String(error)}`)
  }
}
