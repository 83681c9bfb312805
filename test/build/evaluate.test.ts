import { chmodSync, linkSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import type { BuildParameters } from '../../lib/build/parameters.js'
import { type Built, buildDirectory } from './evaluate.js'

/** What tap makes directories from: texts are files. */
interface Files {
  readonly [name: string]: string | Files
}

function contextOf(t: Test, dockerfile: readonly string[], files: Files = {}): string {
  return t.testdir({ ...files, Dockerfile: `${dockerfile.join('\n')}\n` })
}

async function buildOne(
  t: Test,
  dockerfile: readonly string[],
  files: Files = {},
  options: Partial<BuildParameters> = {}
): Promise<Built> {
  const [built] = await buildDirectory(contextOf(t, dockerfile, files), options)
  if (!built) throw new TypeError('nothing was built')
  return built
}

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

test('what did not change is not written again, and a step that changes nothing is no layer', async (t) => {
  const built = await buildOne(t, ['FROM scratch', 'COPY a /d/', 'COPY . /d/', 'COPY a /d/'], { a: '1', b: '2' })
  t.same(paths(built), [
    ['d', 'd/a'],
    ['d', 'd/Dockerfile', 'd/b']
  ])
  t.match(built.end.history, [{ created_by: 'COPY a /d/ # buildkit', empty_layer: true }])
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

const WRONG: readonly (readonly [string, readonly string[], RegExp, Partial<BuildParameters>?])[] = [
  ['RUN', ['FROM scratch', 'RUN make'], /Dockerfile:2: .*found RUN.*\n {2}2 \| RUN make\n {4}\| \^\^\^/s],
  ['RUN in a trigger', ['FROM scratch AS a', 'ONBUILD RUN x', 'FROM a'], /Dockerfile:3: .*found RUN/],
  [
    'an unset variable with :?',
    ['FROM scratch', 'ENV a="@{b:?tell me}"'.replace('@', '$')],
    /Dockerfile:2: expected b to be set, found tell me/
  ],
  [
    'a missing file',
    ['FROM scratch', 'COPY fiel.txt /'],
    /found nothing there. Did you mean file.txt\?\n {2}2 \| COPY fiel/
  ],
  ['an excluded file', ['FROM scratch', 'COPY secret /'], /excluded by the ignore file/],
  [
    'a missing stage',
    ['FROM scratch AS builder', 'FROM scratch', 'COPY --from=bulider /a /'],
    /Did you mean the stage builder\?/
  ],
  ['a path that leaves the context', ['FROM scratch', 'COPY ../x /'], /which leads out of it/],
  ['a link that leaves the context', ['FROM scratch', 'COPY out/passwd /'], /the link out, which leads out of it/],
  ['links in a circle', ['FROM scratch', 'COPY circle /'], /links in a circle/],
  [
    'an unknown user',
    ['FROM scratch', 'COPY --chown=nobody file.txt /'],
    /expected a user that the image has in \/etc\/passwd, or a number, found nobody/
  ],
  ['an unknown group', ['FROM scratch', 'COPY --chown=1:nobody file.txt /'], /expected a group/],
  [
    'a platform that is none',
    ['FROM --platform=linux/a/b/c scratch'],
    /expected a platform like linux\/arm64, found linux\/a\/b\/c/
  ],
  ['a mode that is none', ['FROM scratch', 'COPY --chmod=rwx file.txt /'], /expected octal digits/],
  ['several sources into a file', ['FROM scratch', 'COPY file.txt dir /x'], /a destination that ends with \//],
  [
    'a directory over a file',
    ['FROM scratch', 'COPY file.txt /x', 'COPY dir /x'],
    /expected a directory, found a file at \/x/
  ],
  [
    'a file over a directory',
    ['FROM scratch', 'COPY file.txt /x/file.txt/y', 'COPY file.txt /x'],
    /found a directory at \/x\/file.txt/
  ],
  ['a malformed pattern', ['FROM scratch', 'COPY a[b /'], /a pattern as Go/],
  ['COPY of a URL', ['FROM scratch', 'COPY http://x/y /'], /which only ADD fetches/],
  ['a checksum of a file', ['FROM scratch', 'ADD --checksum=sha256:x file.txt /'], /--checksum with one URL/],
  ['an unknown target', ['FROM scratch AS build'], /Did you mean build\?/, { target: 'buil' }],
  ['an image that cannot be opened', ['FROM oci:/nowhere'], /Dockerfile:1: .*\n {2}1 \| FROM oci:\/nowhere\n/s]
]

for (const [name, dockerfile, message, options] of WRONG) {
  test(`${name} is an error that shows where`, async (t) => {
    const context = contextOf(t, dockerfile, { 'file.txt': '', secret: '', dir: { d: '' }, '.dockerignore': 'secret' })
    symlinkSync('/etc', join(context, 'out'))
    symlinkSync('circle', join(context, 'circle'))
    await t.rejects(async () => buildDirectory(context, options), { message })
  })
}
