import { chmodSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createPendingName } from '../../lib/blob/pending-name.js'
import { type Built, buildDirectory, buildOne, contextOf } from './evaluate.js'

const paths = ({ layers }: Built) => layers.map(({ entries }) => entries.map(({ path }) => path))

test('a directory gives its contents, a file its name or the one that is written', async (t) => {
  const files = { dir: { a: '1', sub: { b: '2' } }, file: 'x' }
  const built = await buildOne(
    t,
    ['FROM scratch', 'COPY dir /d', 'COPY file /e/', 'COPY file /f', 'COPY dir/* /g/'],
    files
  )
  t.same(paths(built), [['d', 'd/a', 'd/sub', 'd/sub/b'], ['e', 'e/file'], ['f'], ['g', 'g/a', 'g/b']])
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

test('with an epoch every time is the epoch, and without one no clock is asked', async (t) => {
  const dockerfile = ['FROM scratch', 'COPY a /x/a', 'WORKDIR /y']
  const context = contextOf(t, dockerfile, { a: '1' })
  utimesSync(join(context, 'a'), 1, 77)
  const times = (built: Built | undefined) => built?.layers.map(({ entries }) => entries.map(({ mtime }) => mtime))
  t.same(times((await buildDirectory(context))[0]), [[77, 77], [0]])
  t.same(times((await buildDirectory(context, { epoch: 5 }))[0]), [[5, 5], [5]])
})

test('stages that the target does not need are not evaluated', async (t) => {
  const dockerfile = ['FROM scratch AS a', 'COPY x /x', 'FROM nowhere AS b', 'RUN false', 'FROM a', 'COPY --from=a x y']
  t.same(paths(await buildOne(t, dockerfile, { x: '1' })), [['x'], ['y']])
})

test('what did not change is not written again, and a step that changes nothing is an empty layer', async (t) => {
  const built = await buildOne(t, ['FROM scratch', 'COPY a /d/', 'COPY . /d/', 'COPY a /d/'], { a: '1', b: '2' })
  t.same(paths(built), [['d', 'd/a'], ['d', 'd/Dockerfile', 'd/b'], []])
  t.same(built.layers[2]?.history, [{ created_by: 'COPY a /d/ # buildkit', comment: 'buildkit.dockerfile.v0' }])
  t.same(built.end.history, [])
})

test('an ignore file excludes, takes back, and a Dockerfile may have its own', async (t) => {
  const files = { a: { x: '1', y: '2' }, b: '3', c: '4', '.dockerignore': 'a\n!a/y\nDockerfile\n.dockerignore\n' }
  const dockerfile = ['FROM scratch', 'COPY . /']
  t.same(paths(await buildOne(t, dockerfile, files)), [['a', 'a/y', 'b', 'c']])
  t.same(paths(await buildOne(t, dockerfile, { ...files, 'Dockerfile.dockerignore': '*\n!b' })), [['b']])
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
  t.same(paths(built), [
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
  t.same(built && paths(built).slice(1), [
    ['d', 'd/a'],
    ['l', 'l/a']
  ])
})

test('what an export has begun to write into a build context is not in it', async (t) => {
  const context = contextOf(t, ['FROM scratch', 'COPY . /'], { a: '1' })
  writeFileSync(join(context, createPendingName()), '')
  const [built] = await buildDirectory(context)
  t.same(built && paths(built), [['Dockerfile', 'a']])
})

test('ports are in the order of the words that name them, variables not expanded yet', async (t) => {
  const built = await buildOne(t, ['FROM scratch', 'ENV P="80 81/udp"', 'EXPOSE 53/UDP $P'])
  t.equal(built.end.history.at(-1)?.created_by, 'EXPOSE [80/tcp 81/udp 53/udp]')
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

test('users and groups are those of the image', async (t) => {
  const files = { passwd: 'root:x:0:0::/:\napp:x:7:8::/:\n', group: 'staff:x:9:\n', a: '' }
  const built = await buildOne(
    t,
    [
      'FROM scratch',
      'COPY passwd group /etc/',
      'COPY --chown=app a /1',
      'COPY --chown=app:staff a /2',
      'COPY --chown=3 a /3',
      'USER app',
      'WORKDIR /w/x'
    ],
    files
  )
  const owners = built.layers.slice(1).map(({ entries }) => entries.map(({ uid, gid }) => `${uid}:${gid}`))
  t.same(owners, [['7:8'], ['7:9'], ['3:3'], ['7:8', '7:8']])
})

test('root owns a copy and a working directory in an image that has no /etc/passwd', async (t) => {
  const dockerfile = [
    'FROM scratch',
    'COPY --chown=root a /1',
    'COPY --chown=root:root a /2',
    'USER root',
    'WORKDIR /w'
  ]
  const built = await buildOne(t, dockerfile, { a: '' })
  const owners = built.layers.map(({ entries }) => entries.map(({ uid, gid }) => `${uid}:${gid}`))
  t.same(owners, [['0:0'], ['0:0'], ['0:0']])
})

test('an owner with an empty group has the group of the account, not that of an empty line', async (t) => {
  const files = { passwd: 'app:x:7:8::/:\n', group: 'web:x:9:\n', a: '' }
  const before = ['FROM scratch', 'COPY passwd group /etc/']
  const built = await buildOne(t, [...before, 'COPY --chown=app: a /1', 'COPY --chown=5: a /2'], files)
  const owners = built.layers.slice(1).map(({ entries }) => entries.map(({ uid, gid }) => `${uid}:${gid}`))
  t.same(owners, [['7:8'], ['5:5']])
  await t.rejects(buildOne(t, [...before, 'COPY --chown=:web a /1'], files), {
    message: /expected a user that the image has in \/etc\/passwd, or a number, found nothing/
  })
})

test('a stage hands its triggers to the one that builds on it, once', async (t) => {
  const dockerfile = ['FROM scratch AS a', 'ONBUILD COPY x /t', 'FROM a AS b', 'FROM b']
  const built = await buildOne(t, dockerfile, { x: '1' })
  t.same(paths(built), [['t']])
  t.notOk(built.end.config.OnBuild)
})

test('arguments: defaults, values, scopes and platforms', async (t) => {
  const built = await buildOne(
    t,
    [
      'ARG base=scratch',
      'ARG v=g',
      'FROM $base',
      'ARG v',
      'ARG w=$v-d',
      'ARG TARGETARCH',
      'ENV r=$v:$w:$TARGETARCH:$base'
    ],
    {},
    { arguments: { w: 'given' }, platforms: ['linux/arm64'] }
  )
  t.equal(built.end.config.Env?.at(-1), 'r=g:given:arm64:')
  t.match(built.end.platform, { os: 'linux', architecture: 'arm64' })
})

test('several platforms give several images', async (t) => {
  const context = contextOf(t, ['FROM scratch', 'ARG TARGETPLATFORM', 'ENV p=$TARGETPLATFORM', 'COPY a /'], { a: '1' })
  const built = await buildDirectory(context, { platforms: ['linux/amd64', 'linux/arm/v7'] })
  t.same(
    built.map(({ end, layers }) => [end.config.Env?.at(-1), layers.length]),
    [
      ['p=linux/amd64', 1],
      ['p=linux/arm/v7', 1]
    ]
  )
})

test('a named context replaces a stage and an image', async (t) => {
  const other = t.testdir({
    other: { y: '1' },
    main: { Dockerfile: 'FROM nowhere AS s\nRUN x\nFROM scratch\nCOPY --from=s . /\nCOPY --from=o y /z' }
  })
  const contexts = { s: `dir:${join(other, 'other')}`, o: `dir:${join(other, 'other')}` }
  const [built] = await buildDirectory(join(other, 'main'), { contexts })
  t.same(built && paths(built), [['y'], ['z']])
})

test('a named context replaces an image however FROM and --from spell its name', async (t) => {
  const contexts = { alpine: `dir:${t.testdir({ y: '1' })}` }
  const dockerfile = [
    'FROM alpine:latest AS a',
    'FROM docker.io/library/alpine',
    'COPY --from=index.docker.io/library/alpine y /1',
    'COPY --from=a y /2'
  ]
  const context = join(t.testdirName, 'main')
  mkdirSync(context)
  writeFileSync(join(context, 'Dockerfile'), dockerfile.join('\n'))
  const [built] = await buildDirectory(context, { contexts })
  t.same(built && paths(built), [['main', 'main/Dockerfile', 'y'], ['1'], ['2']])
})
