import { chmodSync, linkSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { buildDirectory, buildOne, contextOf, pathsOf } from './evaluate.js'

test('a directory gives its contents, a file its name or the one that is written', async (t) => {
  const files = { dir: { a: '1', sub: { b: '2' } }, file: 'x' }
  const built = await buildOne(
    t,
    ['FROM scratch', 'COPY dir /d', 'COPY file /e/', 'COPY file /f', 'COPY dir/* /g/'],
    files
  )
  t.same(pathsOf(built), [['d', 'd/a', 'd/sub', 'd/sub/b'], ['e', 'e/file'], ['f'], ['g', 'g/a', 'g/b']])
  t.same(
    built.layers[0]?.bodies,
    new Map([
      ['d/a', '1'],
      ['d/sub/b', '2']
    ])
  )
  t.same(
    built.layers[0]?.entries.map(({ uid, gid }) => [uid, gid]),
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0]
    ]
  )
})

test('links, hard links, modes and times come along; --chmod and --chown change them', async (t) => {
  const context = contextOf(t, ['FROM scratch', 'COPY src /d', 'COPY --chmod=u=rwX,go= --chown=5:6 src /e'], {
    src: { a: 'x', run: 'y' }
  })
  chmodSync(join(context, 'src/run'), 0o4755)
  linkSync(join(context, 'src/a'), join(context, 'src/b'))
  symlinkSync('nowhere', join(context, 'src/l'))
  utimesSync(join(context, 'src/a'), 1000, 2000.5)
  const [built] = await buildDirectory(context)
  const rows = built?.layers.map(({ entries }) =>
    entries.map((e) => [e.path, e.type, e.mode.toString(8), e.uid, e.gid, e.link])
  )
  t.same(rows, [
    [
      ['d', 'directory', '755', 0, 0, ''],
      ['d/a', 'file', '644', 0, 0, ''],
      ['d/b', 'hardlink', '644', 0, 0, 'd/a'],
      ['d/l', 'symlink', '777', 0, 0, 'nowhere'],
      ['d/run', 'file', '4755', 0, 0, '']
    ],
    [
      ['e', 'directory', '755', 5, 6, ''],
      ['e/a', 'file', '600', 5, 6, ''],
      ['e/b', 'hardlink', '600', 5, 6, 'e/a'],
      ['e/l', 'symlink', '777', 5, 6, 'nowhere'],
      ['e/run', 'file', '700', 5, 6, '']
    ]
  ])
  t.match(built?.layers[0]?.entries[1], { mtime: 2000, nanoseconds: 500_000_000 })
})

test('the later paths of an inode come without a body', async (t) => {
  const context = contextOf(t, ['FROM scratch', 'COPY src /d'], { src: { a: 'x' } })
  linkSync(join(context, 'src/a'), join(context, 'src/b'))
  const [built] = await buildDirectory(context)
  t.same(built?.layers[0]?.bodies, new Map([['d/a', 'x']]))
})

test('copied directories keep their times, and those that a step puts something into get its time', async (t) => {
  const dockerfile = ['FROM scratch', 'COPY src /d/', 'COPY a /d/sub/', 'COPY src /d/']
  const context = contextOf(t, dockerfile, { src: { sub: { f: '' } }, a: '' })
  for (const [path, time] of [
    ['src/sub/f', 90],
    ['src/sub', 50],
    ['src', 60],
    ['a', 80]
  ] as const)
    utimesSync(join(context, path), time, time)
  const [built] = await buildDirectory(context)
  const rows = built?.layers.map(({ entries }) => entries.map(({ path, mtime }) => `${path} ${mtime}`))
  t.same(rows, [
    ['d 90', 'd/sub 50', 'd/sub/f 90'],
    ['d 90', 'd/sub 80', 'd/sub/a 80'],
    [] // the time alone is no change of a directory
  ])
})

test('--exclude, --parents and --link', async (t) => {
  const files = { src: { a: { 'x.txt': '1', 'y.md': '2' }, 'z.txt': '3' } }
  const built = await buildOne(
    t,
    [
      'FROM scratch',
      'COPY --exclude=**/*.txt src /e',
      'COPY --parents src/a/*.txt /p/',
      'COPY --parents src/./a /q/',
      'COPY --link src/z.txt /e/'
    ],
    files
  )
  t.same(pathsOf(built), [
    ['e', 'e/a', 'e/a/y.md'],
    ['p', 'p/src', 'p/src/a', 'p/src/a/x.txt'],
    ['q', 'q/a', 'q/a/x.txt', 'q/a/y.md'],
    ['e', 'e/z.txt']
  ])
  t.same(built.layers.at(-1)?.history, [
    { created_by: 'COPY src/z.txt /e/ # buildkit', comment: 'buildkit.dockerfile.v0' }
  ])
})

test('--link means nothing where there is a --chmod', async (t) => {
  const dockerfile = ['FROM scratch', 'COPY base /', 'COPY --link --chmod=600 a /l/', 'COPY --link a /l/']
  const context = contextOf(t, dockerfile, { base: { d: {} }, a: '1' })
  symlinkSync('d', join(context, 'base/l'))
  const [built] = await buildDirectory(context)
  t.same(built && pathsOf(built).slice(1), [
    ['d', 'd/a'],
    ['l', 'l/a']
  ])
})

test('here-documents are files, expanded unless their name is quoted', async (t) => {
  const built = await buildOne(t, ['FROM scratch', 'ENV v=1', 'COPY <<a <<"b" /d/', '$v "$v"', 'a', '$v', 'b'])
  t.same(
    built.layers[0]?.bodies,
    new Map([
      ['d/a', '1 "1"\n'],
      ['d/b', '$v\n']
    ])
  )
  t.equal(built.layers[0]?.history.at(-1)?.created_by, 'COPY <<a <<b /d/ # buildkit')
})

test('in here-documents a backslash escapes, with any escape directive, and names stay as they are', async (t) => {
  const lines = ['# escape=`', 'FROM scratch', 'ENV v=1', 'COPY <<a <<"$v" /d/', '\\$v `$v', 'a', '', '$v']
  const built = await buildOne(t, lines)
  t.same(
    [...(built.layers[0]?.bodies ?? [])],
    [
      ['d/$v', '\n'],
      ['d/a', '$v `1\n']
    ]
  )
})
