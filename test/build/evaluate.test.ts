import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createPendingName } from '../../lib/blob/pending-name.js'
import { type Built, buildDirectory, buildOne, contextOf, pathsOf } from './evaluate.js'

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
  t.same(pathsOf(await buildOne(t, dockerfile, { x: '1' })), [['x'], ['y']])
})

test('what did not change is not written again, and a step that changes nothing is an empty layer', async (t) => {
  const built = await buildOne(t, ['FROM scratch', 'COPY a /d/', 'COPY . /d/', 'COPY a /d/'], { a: '1', b: '2' })
  t.same(pathsOf(built), [['d', 'd/a'], ['d', 'd/Dockerfile', 'd/b'], []])
  t.same(built.layers[2]?.history, [{ created_by: 'COPY a /d/ # buildkit', comment: 'buildkit.dockerfile.v0' }])
  t.same(built.end.history, [])
})

test('an ignore file excludes, takes back, and a Dockerfile may have its own', async (t) => {
  const files = { a: { x: '1', y: '2' }, b: '3', c: '4', '.dockerignore': 'a\n!a/y\nDockerfile\n.dockerignore\n' }
  const dockerfile = ['FROM scratch', 'COPY . /']
  t.same(pathsOf(await buildOne(t, dockerfile, files)), [['a', 'a/y', 'b', 'c']])
  t.same(pathsOf(await buildOne(t, dockerfile, { ...files, 'Dockerfile.dockerignore': '*\n!b' })), [['b']])
})

test('what an export has begun to write into a build context is not in it', async (t) => {
  const context = contextOf(t, ['FROM scratch', 'COPY . /'], { a: '1' })
  writeFileSync(join(context, createPendingName()), '')
  const [built] = await buildDirectory(context)
  t.same(built && pathsOf(built), [['Dockerfile', 'a']])
})

test('ports are in the order of the words that name them, variables not expanded yet', async (t) => {
  const built = await buildOne(t, ['FROM scratch', 'ENV P="80 81/udp"', 'EXPOSE 53/UDP $P'])
  t.equal(built.end.history.at(-1)?.created_by, 'EXPOSE [80/tcp 81/udp 53/udp]')
})

test('a stage hands its triggers to the one that builds on it, once', async (t) => {
  const dockerfile = ['FROM scratch AS a', 'ONBUILD COPY x /t', 'FROM a AS b', 'FROM b']
  const built = await buildOne(t, dockerfile, { x: '1' })
  t.same(pathsOf(built), [['t']])
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
  t.same(built && pathsOf(built), [['y'], ['z']])
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
  t.same(built && pathsOf(built), [['main', 'main/Dockerfile', 'y'], ['1'], ['2']])
})
