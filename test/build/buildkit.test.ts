import { execFile } from 'node:child_process'
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'tap'
import type { Entry } from '../../lib/diff/entry.js'
import { pipe, run, type Stage, stage } from '../../lib/graph/index.js'
import type { ContainerConfig, History } from '../../lib/image/config.js'
import { image } from '../../lib/source/image-source.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { entriesOf } from '../../lib/stages/stored.js'
import { generate } from '../../lib/streams/generate.js'
import { startDockerd } from '../helpers/dockerd.js'
import { needs, runPeer } from '../helpers/peers.js'
import { buildDirectory } from './evaluate.js'

/** Debian's client has BuildKit in it; one that needs a plugin for it may come before it in the PATH. */
const CLIENT = '/usr/bin/docker'

const DOCKERFILES: readonly (readonly string[])[] = [
  ['FROM scratch', 'COPY src /app/deep/'],
  ['FROM scratch', 'COPY src/a /one/two/file', 'COPY src/sub /one'],
  ['FROM scratch', 'COPY --chown=5:6 src /x', 'COPY --chmod=640 src/sub/b /y/'],
  ['FROM scratch', 'WORKDIR /w/x', 'COPY src/sub .', 'COPY . ../all/'],
  ['FROM scratch', 'ADD archive.tar.gz /un/pack/', 'ADD src/a /un/'],
  ['FROM scratch AS one', 'COPY src /s', 'FROM scratch', 'COPY --from=one /s/sub /t', 'COPY --from=0 /s/a /'],
  ['FROM scratch AS one', 'COPY src/a /a', 'ENV a=b', 'FROM one', 'COPY src/sub/b /a'],
  [
    'FROM scratch',
    'ARG v=1',
    'ENV a=$v b="x y"',
    'LABEL l=m',
    'COPY src/a /a',
    'USER 7:8',
    'EXPOSE 80 53/udp',
    'VOLUME /v',
    'STOPSIGNAL SIGINT',
    'SHELL ["/bin/bash", "-c"]',
    'HEALTHCHECK --interval=5s CMD ["a"]',
    'ONBUILD COPY a /a',
    'ENTRYPOINT ["e"]',
    'CMD c $a'
  ]
]

const options = needs('dockerd')

test('BuildKit makes the same layers, history and config', options, async (t) => {
  const engine = await startDockerd(t)
  if (typeof engine === 'string') return t.comment(`skipped: ${engine}`)
  const context = t.testdir({})
  await prepare(context)
  for (const [number, dockerfile] of DOCKERFILES.entries()) {
    await writeFile(join(context, 'Dockerfile'), `${dockerfile.join('\n')}\n`)
    const archive = join(context, '..', `${number}.tar`)
    const problem = await buildTheirs(engine.host, context, archive)
    if (problem) return t.comment(`skipped: ${problem}`)
    const [ours, theirs] = [await describeOurs(context), await describeArchive(archive)]
    t.same(ours.layers, theirs.layers, `layers of ${dockerfile.join('; ')}`)
    t.same(ours.history, theirs.history, 'history')
    t.same(ours.config, theirs.config, 'config')
  }
})

/** Old times, so that none of them is taken for one that BuildKit took from the clock. */
async function prepare(context: string): Promise<void> {
  const at = (path: string): string => join(context, path)
  await mkdir(at('src/sub'), { recursive: true })
  await writeFile(at('src/a'), 'a', { mode: 0o755 })
  await writeFile(at('src/sub/b'), 'bb')
  await symlink('a', at('src/link'))
  await runPeer('tar', 'czf', at('archive.tar.gz'), '--owner=7', '--group=8', '--mtime=@86400', '-C', context, 'src')
  for (const path of ['src/a', 'src/sub/b', 'archive.tar.gz']) await utimes(at(path), 1e9, 1e9 + path.length)
  await writeFile(at('.dockerignore'), 'Dockerfile\n.dockerignore\n')
}

async function buildTheirs(host: string, context: string, archive: string): Promise<string | undefined> {
  const client = (...words: readonly string[]) =>
    promisify(execFile)(CLIENT, ['-H', host, ...words], { env: { ...process.env, DOCKER_BUILDKIT: '1' } })
  try {
    await client('build', '-q', '-t', 'x:1', context)
  } catch (error) {
    if (/buildx component is missing|ENOENT/.test(String(error))) return 'no Docker client with BuildKit is installed'
    throw error
  }
  await client('save', 'x:1', '-o', archive)
}

interface Described {
  readonly layers: readonly (readonly string[])[]
  readonly history: readonly unknown[]
  readonly config: unknown
}

async function describeOurs(context: string): Promise<Described> {
  const [built] = await buildDirectory(context)
  if (!built) throw new TypeError('no image')
  const { layers, end } = built
  return {
    layers: layers.map(({ entries }) => entries.map(lineOf)),
    history: [...layers.flatMap(({ history }) => history), ...end.history].map(comparable),
    config: configOf(end.config)
  }
}

async function describeArchive(path: string): Promise<Described> {
  const [described] = await run([
    pipe(image({ kind: 'docker-archive', path, name: null, platforms: 'all' }), describeItems(null))
  ])
  if (!described) throw new TypeError('no image')
  return described
}

const describeItems: (parameters: null) => Stage<LayerSource | ImageEnd, Described> = stage('describe', () =>
  generate<LayerSource | ImageEnd, Described>(async function* (items) {
    const layers: string[][] = []
    const history: History[] = []
    for await (const item of items) {
      history.push(...item.history)
      if (item.kind === 'image') yield { layers, history: history.map(comparable), config: configOf(item.config) }
      else if (item.kind === 'stored') layers.push(await linesOf(item))
    }
  })
)

async function linesOf({ layer }: Extract<LayerSource, { kind: 'stored' }>): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of entriesOf(layer).open()) {
    for (const item of batch) if (!Buffer.isBuffer(item)) lines.push(lineOf(item))
  }
  return lines.toSorted()
}

/** All but the times of directories and links, which BuildKit takes from its clock or from what it has on its disk. */
function lineOf({ path, type, mode, uid, gid, size, link, mtime }: Entry): string {
  return `${path} ${type} ${mode.toString(8)} ${uid}:${gid} ${size} ${link} ${type === 'file' ? mtime : ''}`
}

/**
 * Without times, and without what BuildKit has come to write in another way since Debian's: flags of instructions,
 * ports and health checks.
 */
function comparable({ created_by = '', comment, empty_layer = false }: History): unknown {
  const lasting = created_by.replaceAll(/ --\w+=\S+/g, '').replace(/^(EXPOSE|HEALTHCHECK) .*/s, '$1')
  return { created_by: lasting, comment, empty_layer }
}

function configOf(config: ContainerConfig): unknown {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null && value !== ''))
}
