import { resolve } from 'node:path'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { ansi, type Paint, plain } from '../report/color.ts'
import { oneOf } from './options.ts'

/** One of the forms in which a command tells its result. */
export interface Output<F extends string> {
  format: F
  /** Undefined for standard output, or for what --output names. */
  file: string | undefined
}

/**
 * What `--format FORMAT` and `--format FORMAT=FILE` ask for; the first of `allowed` where nothing does. `output` is what --output names.
 * @throws UserError where a format is not allowed, two go to the same place, or a file has no name.
 */
export function outputsOf<F extends string>(given: readonly string[] | undefined, allowed: readonly [F, ...F[]], output: string | undefined): Output<F>[] {
  const outputs = given?.map((one) => parse(one, allowed)) ?? [{ format: allowed[0], file: undefined }]
  const [first, second] = outputs.filter(({ file }) => file === undefined)
  if (second) throw new UserError(`${first!.format} and ${second.format} cannot both go to ${output ?? 'standard output'}; write one to a file: --format ${second.format}=FILE`)
  if (!first && output !== undefined) throw new UserError(`nothing is left for --output ${output}, for every --format names a file of its own`)
  const taken = new Map<string, string>()
  for (const { format, file = output } of outputs) {
    if (file === undefined) continue
    const other = taken.get(resolve(file))
    if (other !== undefined) throw new UserError(`${other} and ${format} cannot both be written to ${file}`)
    taken.set(resolve(file), format)
  }
  return outputs
}

function parse<F extends string>(given: string, allowed: readonly F[]): Output<F> {
  const [name, file] = given.split(/=(.*)/s, 2) as [string, string?]
  const format = oneOf('format', name, allowed)
  if (file === '') throw new UserError(`--format ${given} names no file`)
  return { format, file }
}

/** What each of `outputs` is made to be: one is printed, the others go to files. */
export async function produce<F extends string>(outputs: readonly Output<F>[], make: (output: Output<F>) => string | Promise<string>): Promise<Required<Pick<Outcome, 'output' | 'files'>>> {
  const made = await Promise.all(outputs.map(async (output) => ({ path: output.file, content: await make(output) })))
  return {
    output: made.find(({ path }) => path === undefined)?.content ?? '',
    files: made.flatMap(({ path, content }) => (path === undefined ? [] : [{ path, content }])),
  }
}

/** How the text of an output is coloured: that of a file only where it is asked for. */
export function paintOf({ file }: Output<string>, flags: Flags): Paint {
  return (file === undefined ? flags.color : flags.colorFiles) ? ansi : plain
}

/**
 * The format of a command that prints one alone.
 * @throws UserError where there are more, or it is not allowed.
 */
export function oneFormat<F extends string>(command: string, given: readonly string[] | undefined, allowed: readonly [F, ...F[]]): F {
  const [format = allowed[0], second] = given ?? []
  if (second !== undefined) throw new UserError(`${command} prints one format; there is --format ${format} and --format ${second}`)
  return oneOf('format', format, allowed)
}
