import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { declaredGroups, guessedGroups, home } from '../../src/cluster/group.ts'

/** Files with the identities in them (one letter each), and the clusters that come of it: name, then its files. */
const TABLE: [why: string, files: Record<string, string>, clusters: Record<string, string[]>][] = [
  ['nothing at all', {}, {}],
  ['nothing repeats: one cluster', { 'a/x.yaml': 'A', 'b/y.yaml': 'B' }, { all: ['a/x.yaml', 'b/y.yaml'] }],
  ['a folder that repeats itself is one cluster', { 'a/x.yaml': 'A', 'a/y.yaml': 'A' }, { all: ['a/x.yaml', 'a/y.yaml'] }],
  ['two folders, and what both share', { 'c/east/x.yaml': 'A', 'c/west/x.yaml': 'A', 'base/y.yaml': 'B' },
    { 'c/east': ['base/y.yaml', 'c/east/x.yaml'], 'c/west': ['base/y.yaml', 'c/west/x.yaml'] }],
  ['a cluster is the whole folder below the fork', { 'c/east/mirrors/x.yaml': 'A', 'c/west/deep/er/x.yaml': 'A', 'c/east/more/y.yaml': 'B' },
    { 'c/east': ['c/east/mirrors/x.yaml', 'c/east/more/y.yaml'], 'c/west': ['c/west/deep/er/x.yaml'] }],
  ['a neighbour by name only is no neighbour', { 'ref/x.yaml': 'A', 'ref-compare/x.yaml': 'A' }, { 'ref': ['ref/x.yaml'], 'ref-compare': ['ref-compare/x.yaml'] }],
  ['clusters in clusters share what lies around them', { 'eu/1/x.yaml': 'A', 'eu/2/x.yaml': 'A', 'us/x.yaml': 'A', 'eu/y.yaml': 'B' },
    { 'eu/1': ['eu/1/x.yaml', 'eu/y.yaml'], 'eu/2': ['eu/2/x.yaml', 'eu/y.yaml'], us: ['us/x.yaml'] }],
  ['a folder around one that replaces its object is a cluster too', { 'base/x.yaml': 'A', 'base/overlay/x.yaml': 'A', 'y.yaml': 'B' },
    { base: ['base/x.yaml', 'y.yaml'], 'base/overlay': ['base/overlay/x.yaml', 'y.yaml'] }],
  ['the root of the tree against a folder', { 'x.yaml': 'A', 'sub/x.yaml': 'A' }, { '.': ['x.yaml'], sub: ['sub/x.yaml'] }],
  ['paths above the current folder', { '../r/a/x.yaml': 'A', '../r/b/x.yaml': 'A' }, { '../r/a': ['../r/a/x.yaml'], '../r/b': ['../r/b/x.yaml'] }],
  ['absolute paths', { '/r/a/x.yaml': 'A', '/r/b/x.yaml': 'A' }, { '/r/a': ['/r/a/x.yaml'], '/r/b': ['/r/b/x.yaml'] }],
]

const membersOf = (files: Record<string, string>) => Object.entries(files).map(([file, identity]) => ({ file, place: file, identity }))

for (const [why, files, clusters] of TABLE) {
  test(`guessed :: ${why}`, () => {
    const groups = guessedGroups(membersOf(files), 'all')
    assert.equal(Object.fromEntries(groups.map(({ name, members }) => [name, members.map(({ file }) => file).sort()])), clusters)
  })
}

test('guessed :: only what lies in a cluster of its own surely meets', () => {
  const [east] = guessedGroups(membersOf({ 'c/east/x.yaml': 'A', 'c/east/sub/y.yaml': 'B', 'c/west/x.yaml': 'A', 'base/z.yaml': 'C' }), 'all')
  assert.equal(east!.members.map((member) => home(east!, member)), ['base', '', ''])
  const [lone] = guessedGroups(membersOf({ 'a/x.yaml': 'A', 'b/y.yaml': 'B' }), 'all')
  assert.equal(lone!.members.map((member) => home(lone!, member)), ['', ''])
})

test('guessed :: ten thousand folders of one identity', () => {
  const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`clusters/c${index}/x.yaml`, 'A']))
  assert.is(guessedGroups(membersOf(files), 'all').length, 10_000)
})

test('declared :: a file may belong to several clusters, or to none', () => {
  const members = membersOf({ 'base/x.yaml': 'A', 'prod/x.yaml': 'B', 'production/x.yaml': 'C', 'one.yaml': 'D' })
  const { groups, rest } = declaredGroups(members, [{ name: 'prod', paths: ['base', 'prod'] }, { name: 'dev', paths: ['base', 'one.yaml'] }])
  assert.equal(groups.map(({ name, members: own }) => [name, own.map(({ file }) => file)]), [['prod', ['base/x.yaml', 'prod/x.yaml']], ['dev', ['base/x.yaml', 'one.yaml']]])
  assert.equal(rest.map(({ file }) => file), ['production/x.yaml'])
})

/** As above, with the files of Kustomize roots. */
const UNITS: [why: string, units: string[], files: Record<string, string>, clusters: Record<string, string[]>][] = [
  ['a root beside the folder of a cluster is a cluster too, even where it holds nothing', ['o/east/k', 'o/west/k', 'o/south/k'], { 'o/east/k': 'A', 'o/west/k': 'A' },
    { 'o/east': ['o/east/k'], 'o/west': ['o/west/k'], 'o/south': [] }],
  ['a root that is called as a cluster is applied to it', ['o/east/k', 'o/west/k', 'm/o/east/k'], { 'o/east/k': 'A', 'o/west/k': 'A', 'm/o/east/k': 'B' },
    { 'o/east': ['o/east/k', 'm/o/east/k'], 'o/west': ['o/west/k'] }],
  ['a root beside such a one that is called as no cluster is of another one', ['o/east/k', 'o/west/k', 'm/o/east/k', 'm/o/north/k'], { 'o/east/k': 'A', 'o/west/k': 'A', 'm/o/north/k': 'B' },
    { 'o/east': ['o/east/k'], 'o/west': ['o/west/k'], 'm/o/north': ['m/o/north/k'] }],
  ['a root elsewhere is shared', ['o/east/k', 'o/west/k', 'all/k'], { 'o/east/k': 'A', 'o/west/k': 'A', 'all/k': 'B' }, { 'o/east': ['o/east/k', 'all/k'], 'o/west': ['o/west/k', 'all/k'] }],
  ['two clusters of one name are told apart by their folders alone', ['a/east/k', 'b/east/k', 'm/east/k'], { 'a/east/k': 'A', 'b/east/k': 'A', 'm/east/k': 'B' }, { a: ['a/east/k', 'm/east/k'], b: ['b/east/k', 'm/east/k'] }],
  ['roots make no clusters where nothing repeats', ['o/east/k', 'o/west/k'], { 'o/east/k': 'A', 'o/west/k': 'B' }, { all: ['o/east/k', 'o/west/k'] }],
]

for (const [why, units, files, clusters] of UNITS) {
  test(`guessed :: ${why}`, () => {
    const groups = guessedGroups(membersOf(files), 'all', units.map((file) => ({ file, place: file })))
    assert.equal(Object.fromEntries(groups.map(({ name, members }) => [name, members.map(({ file }) => file).sort()])), Object.fromEntries(Object.entries(clusters).map(([name, own]) => [name, [...own].sort()])))
  })
}

test.run()
