import { visible } from './line.ts'
import { code } from './markup.ts'
import type { RouteGroup, Step } from './routes.ts'

/** A graph of more is no picture any more. */
const MOST = 6

/** What pulls go where, as a Mermaid graph: thick where it is new, dotted where it is no more, numbered in the order in which nodes try. Empty where there would be too much of it. */
export function graph(groups: readonly RouteGroup[], several: boolean): string {
  if (groups.length === 0 || groups.length > MOST) return ''
  const nodes = new Map<string, string>()
  const node = (key: string, text: string, [open, close]: [string, string] = ['[', ']']) => {
    const known = nodes.get(key)
    if (known !== undefined) return known
    nodes.set(key, `n${nodes.size}`)
    return `${nodes.get(key)}${open}"${label(text)}"${close}`
  }
  const lines = groups.flatMap((group, index) => {
    const images = node(`image ${index}`, several ? `${group.images}, in ${group.cluster}` : group.images, ['([', '])'])
    const place = ({ location }: Step) => node(`${index} ${location}`, location)
    const known = new Set(group.from.map(({ location }) => location))
    const tried = group.to.map((step, turn) => `${images} ${known.has(step.location) ? `-- ${turn + 1} -->` : `== "${turn + 1}, new" ==>`} ${place(step)}`)
    const left = group.from.filter(({ location }) => group.to.every((step) => step.location !== location)).map((step) => `${images} -. no longer .-> ${place(step)}`)
    const nowhere = group.to.length === 0 ? [`${images} == new ==> ${node(`nowhere ${index}`, group.after)}`] : []
    return [...tried, ...nowhere, ...left]
  })
  return `\n\`\`\`mermaid\nflowchart LR\n${lines.map((one) => `  ${one}\n`).join('')}\`\`\`\n`
}

/** A text in quotes as Mermaid shows it. */
function label(text: string): string {
  return short(text).replace(/[^\w ,./:@…-]/gu, (char) => `#${char.codePointAt(0)};`)
}

/** A text with its digests cut, which are too long for a picture. */
export function short(text: string): string {
  return text.replace(/(@sha\d+:[0-9a-f]{7})[0-9a-f]{20,}/g, '$1…')
}

/** A text that may go over several lines, in a fence that nothing in it ends. */
export function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)))
  return `${fence}${language}\n${text.trimEnd()}\n${fence}\n`
}

/** A part that is opened by a click; its title is no Markdown. */
export function collapsed(title: string, content: string): string {
  return content === '' ? '' : `\n<details><summary>${visible(title).replace(/[^\w ,.:/-]/gu, (char) => `&#${char.codePointAt(0)};`)}</summary>\n\n${content}\n</details>\n`
}

/** A place in a file. */
export function at({ file, line }: { file: string; line: number }): string {
  return code(`${file}:${line}`)
}
