import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { amended } from '../../src/manifests/amend.ts'
import type { Document, File } from '../../src/manifests/document.ts'
import type { Edit } from '../../src/manifests/edit.ts'
import { Unsafe } from '../../src/manifests/extent.ts'
import { parse } from '../../src/manifests/parse.ts'

const fileOf = (text: string): File => ({ path: 'a.yaml', place: '/a.yaml', text, named: true })
const documentsOf = (text: string) => parse(fileOf(text), () => true).documents

/** The text after edits of its documents; or why not. */
function edit(text: string, edits: Edit[], index = 0): string {
  const document = documentsOf(text)[index]!
  return attempt(document.file, edits.map((one) => ({ document, edit: one })))
}

function attempt(file: File, amendments: Parameters<typeof amended>[1]): string {
  try {
    return amended(file, amendments)
  } catch (error) {
    if (!(error instanceof Unsafe)) throw error
    return `unsafe: ${error.message}`
  }
}

const remove = (...path: (string | number)[]): Edit => ({ op: 'remove', path })
const rename = (key: string, ...path: (string | number)[]): Edit => ({ op: 'rename', path, key })
const replace = (value: string, ...path: (string | number)[]): Edit => ({ op: 'replace', path, value })
const add = (value: string, ...path: (string | number)[]): Edit => ({ op: 'add', path, value })

const CASES: [name: string, before: string, edits: Edit[], after: string][] = [
  ['a plain string', 'a: x # why\n', [replace('v', 'a')], 'a: v # why\n'],
  ['the quotes stay', 'a: \'x\'\nb: "x"\n', [replace('it\'s', 'a'), replace('z"', 'b')], 'a: \'it\'\'s\'\nb: "z\\""\n'],
  ['quotes where they are needed', 'a: x\nb: [x]\n', [replace('yes', 'a'), replace('a,b', 'b', 0)], 'a: "yes"\nb: ["a,b"]\n'],
  ['a location needs none', 'a: x\nb: [x]\n', [replace('r.lab:5000/x', 'a'), replace('r.lab:5000/x', 'b', 0)], 'a: r.lab:5000/x\nb: [r.lab:5000/x]\n'],
  ['a key, and its quotes', 'a: 1\n"b" : 2\n\'c\': 3\n', [rename('x', 'a'), rename('v', 'b'), rename('z', 'c')], 'x: 1\n"v" : 2\n\'z\': 3\n'],
  ['a key of a compact mapping', 'l:\n- a: 1\n  b: 2\n', [rename('x', 'l', 0, 'a')], 'l:\n- x: 1\n  b: 2\n'],
  ['a line, and the comment at its end', 'a: 1\nb: 2 # two\nc: 3\n', [remove('b')], 'a: 1\nc: 3\n'],
  ['a comment above stays', 'a: 1\n# why\nb: 2\nc: 3\n', [remove('b')], 'a: 1\n# why\nc: 3\n'],
  ['all that a key holds', 'a:\n  b: |\n    x\n\n    y\n  c: [\n    1\n  ] # end\nd: 2\n', [remove('a')], 'd: 2\n'],
  ['a block scalar that ends a file', 'a: 1\nb: |\n  x\n', [remove('b')], 'a: 1\n'],
  ['an item', 'l:\n- a\n- b # b\n- c\n', [remove('l', 1)], 'l:\n- a\n- c\n'],
  ['several items', 'l:\n  - a\n  - b\n  - c\n  - d\n', [remove('l', 1), remove('l', 3)], 'l:\n  - a\n  - c\n'],
  ['an item with an anchor', 'l:\n  - &x a\n  - &y b\n', [remove('l', 1)], 'l:\n  - &x a\n'],
  ['the first key beside a dash', 'l:\n- a: 1\n  b: 2\n', [remove('l', 0, 'a')], 'l:\n- b: 2\n'],
  ['the first key beside a dash, commented', 'l:\n- a: 1\n  # why\n  b: 2\n', [remove('l', 0, 'a')], 'unsafe: it shares its line with what stays'],
  ['an empty value', 'a: 1\nb:\nc: 3\n', [remove('b')], 'a: 1\nc: 3\n'],
  ['the last line, without its break', 'a: 1\nb: 2', [remove('b')], 'a: 1'],
  ['the last lines of a text without a last break', 'a: 1\nl:\n- x\n- y\n- z\nb: 2', [remove('l', 1), remove('l', 2), remove('b')], 'a: 1\nl:\n- x'],
  ['CRLF', 'a: 1\r\nb: 2\r\nc: 3\r\n', [remove('b'), replace('x', 'c')], 'a: 1\r\nc: x\r\n'],
  ['CRLF, without the last break', 'a: 1\r\nb: 2', [remove('b')], 'a: 1'],
  ['in brackets', 'l: [a, b, c]\n', [remove('l', 1)], 'l: [a, c]\n'],
  ['the last in brackets', 'l: [a, b]\n', [remove('l', 1)], 'l: [a]\n'],
  ['the only one in brackets', 'l: [ a ]\n', [remove('l', 0)], 'l: [  ]\n'],
  ['lines in brackets', 'l: [\n  a, # first\n  b, # second\n  c # third\n]\n', [remove('l', 1)], 'l: [\n  a, # first\n  c # third\n]\n'],
  ['the last of lines in brackets', 'l: [\n  a, # first\n  b\n]\n', [remove('l', 1)], 'l: [\n  a, # first\n  \n]\n'],
  ['JSON', '{\n  "a": 1,\n  "b": {"c": 1},\n  "d": 2\n}\n', [remove('b'), remove('d')], '{\n  "a": 1\n}\n'],
  ['a block mapping cannot be emptied', 'a:\n  b: 1\n', [remove('a', 'b')], 'unsafe: nothing would be left around it'],
  ['nor with several at once', 'a:\n  b: 1\n  c: 2\n', [remove('a', 'b'), remove('a', 'c')], 'unsafe: something else would change with it, as what an anchor shares'],
  ['one inside another', 'a:\n  b: 1\n  c: 2\nd: 3\n', [remove('a', 'b'), remove('a')], 'd: 3\n'],
  ['a list through two aliases', 'x: &l\n- a\n- a\nw: *l\n', [remove('x', 1), remove('w', 1)], 'x: &l\n- a\nw: *l\n'],
  ['a list that somebody else has', 'x: &l\n- a\n- a\nw: *l\n', [remove('w', 1)], 'unsafe: something else would change with it, as what an anchor shares'],
  ['what is merged', 'x: &b {s: 1}\nw: {<<: *b, t: 2}\n', [rename('u', 'x', 's'), rename('u', 'w', 's')], 'x: &b {u: 1}\nw: {<<: *b, t: 2}\n'],
  ['an anchor that is needed', 'x: &l [a]\nw: *l\nz: 1\n', [remove('x')], 'unsafe: something else would change with it, as what an anchor shares'],
  ['what stands behind an alias', 'x: &s a\nw: *s\n', [replace('b', 'x'), replace('b', 'w')], 'x: &s b\nw: *s\n'],
  ['one more item', 'l:\n  - "a" # why\nm: 1\n', [add('b', 'l')], 'l:\n  - "a" # why\n  - "b"\nm: 1\n'],
  ['one more item at the end', 'l:\n- a', [add('b', 'l')], 'l:\n- a\n- b'],
  ['one more item in CRLF', 'l:\r\n- a\r\n', [add('b', 'l')], 'l:\r\n- a\r\n- b\r\n'],
  ['one more in brackets', 'l: [\'a\']\nm: []\n', [add('b', 'l'), add('b', 'm')], 'l: [\'a\', \'b\']\nm: [b]\n'],
  ['tabs in a block scalar', 'a: |\n  \tx\n  y\t\nb: 1\nc: 2\n', [remove('b')], 'a: |\n  \tx\n  y\t\nc: 2\n'],
  ['a block scalar is no line', 'a: |\n  x\n', [replace('v', 'a')], 'unsafe: what stands there is no text on a line'],
  ['a key that is there already', 'a: 1\nb: 2\n', [rename('b', 'a')], 'unsafe: something else would change with it, as what an anchor shares'],
  ['a key that stands twice', 'a: 1\na: 2\n', [replace('3', 'a')], 'unsafe: the document cannot be relied on: a key stands twice in one mapping, and only the last one counts'],
  ['what is not there', 'a: 1\n', [replace('3', 'b', 'c')], 'unsafe: it does not stand in the text as it is'],
  ['a string over two lines', 'a: one\n  two # x\nb: 1\n', [replace('three', 'a')], 'a: three # x\nb: 1\n'],
  ['an explicit key', '? a\n: 1\n? b\n: 2\n', [remove('b')], 'unsafe: it is written in a way that is not edited'],
  ['a hash in a word', 'a: x#y\nb: [x#y, z]\nc: 1\n', [remove('b', 1), remove('c')], 'a: x#y\nb: [x#y]\n'],
]
for (const [name, before, edits, after] of CASES) test(name, () => assert.is(edit(before, edits), after))

test('another document of the file stays as it is, even one that cannot be read', () => {
  assert.is(edit('a: [\n---\n# two\na: 1\nb: 2\n---\n{{ x }}\n', [remove('b')], 1), 'a: [\n---\n# two\na: 1\n---\n{{ x }}\n')
})

test('behind a byte order mark of a document, and Windows line breaks', () => {
  assert.is(edit('---\r\n\ufeffa: 1\r\nb: 2\r\n', [remove('b')]), '---\r\n\ufeffa: 1\r\n')
})

const held = (outer: string, path: (string | number)[]): Document[] => {
  const [document] = documentsOf(outer)
  const text = path.reduce((value: unknown, step) => (value as Record<string, unknown>)[step], document!.value) as string
  return documentsOf(text).map((one) => ({ ...one, within: { document: document!, path } }))
}
const inside = (outer: string, path: (string | number)[], edits: Edit[], index = 0): string => {
  const inner = held(outer, path)
  return attempt(inner[0]!.within!.document.file, edits.map((one) => ({ document: inner[index]!, edit: one })))
}

const INSIDE: [name: string, before: string, edits: Edit[], after: string][] = [
  ['in a literal block', 'data:\n  x: |\n    # why\n    a: 1\n    b: 2\n\n    c: 3\ny: 1\n', [remove('b'), replace('z', 'a')], 'data:\n  x: |\n    # why\n    a: z\n\n    c: 3\ny: 1\n'],
  ['the last line of a literal block', 'data:\n  x: |-\n    a: 1\n    b: 2\n  y: 1\n', [remove('b')], 'data:\n  x: |-\n    a: 1\n  y: 1\n'],
  ['the last line of a literal block that keeps its breaks', 'data:\n  x: |+\n    a: 1\n    b: 2\n\n  y: 1\n', [remove('b')], 'data:\n  x: |+\n    a: 1\n\n  y: 1\n'],
  ['one more line', 'data:\n  x: |\n    l:\n    - a\n  y: 1\n', [add('b', 'l')], 'data:\n  x: |\n    l:\n    - a\n    - b\n  y: 1\n'],
  ['CRLF around it', 'data:\r\n  x: |\r\n    a: 1\r\n    l:\r\n    - a\r\n    b: 2\r\n', [remove('b'), add('b', 'l')], 'data:\r\n  x: |\r\n    a: 1\r\n    l:\r\n    - a\r\n    - b\r\n'],
  ['an indentation that is said', 'data:\n  x: |2\n      a: 1\n      b: 2\n', [remove('b')], 'data:\n  x: |2\n      a: 1\n'],
  ['quotes', 'data:\n  x: "a: 1\\nb: 2\\n"\n', [remove('b')], 'unsafe: it stands in a string that is neither a literal block (`|`) nor the text as it is, in quotes on one line'],
  ['JSON in single quotes', 'data:\n  x: \'{"a":1,"b":[1,2]}\' # c\n', [remove('a'), rename('z', 'b')], 'data:\n  x: \'{"z":[1,2]}\' # c\n'],
  ['a word in double quotes', 'data:\n  x: "{a: 1, b: 2}"\n', [remove('a')], 'data:\n  x: "{b: 2}"\n'],
  ['a quote in single quotes', 'data:\n  x: \'{a: it\'\'s, b: 2}\'\n', [remove('b')], 'unsafe: it stands in a string that is neither a literal block (`|`) nor the text as it is, in quotes on one line'],
  ['what would need a quote', 'data:\n  x: "{a: b}"\n', [replace('yes', 'a')], 'unsafe: it stands in a string that is neither a literal block (`|`) nor the text as it is, in quotes on one line'],
  ['a folded block', 'data:\n  x: >\n    a: 1\n\n    b: 2\n', [remove('b')], 'unsafe: it stands in a string that is neither a literal block (`|`) nor the text as it is, in quotes on one line'],
]
for (const [name, before, edits, after] of INSIDE) test(`inside: ${name}`, () => assert.is(inside(before, ['data', 'x'], edits), after))

test('inside: the second document of a string', () => {
  assert.is(inside('data:\n  x: |\n    a: 1\n    ---\n    a: 1\n    b: 2\n', ['data', 'x'], [remove('b')], 1), 'data:\n  x: |\n    a: 1\n    ---\n    a: 1\n')
})

test('a document and what it holds in a string', () => {
  const outer = 'kind: x\ndata:\n  x: |\n    a: 1\n    b: 2\nspec: 1\n'
  const [inner] = held(outer, ['data', 'x'])
  const { document } = inner!.within!
  assert.is(attempt(document.file, [{ document: inner!, edit: remove('b') }, { document, edit: remove('spec') }, { document, edit: replace('v', 'kind') }]), 'kind: v\ndata:\n  x: |\n    a: 1\n')
})

test.run()
