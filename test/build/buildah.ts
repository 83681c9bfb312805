import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { layerSnapshots } from '../../lib/diff/layered.js'
import type { Snapshot } from '../../lib/diff/snapshot.js'
import { run, type Stage, stage } from '../../lib/graph/index.js'
import type { Node } from '../../lib/graph/node.js'
import { pipe } from '../../lib/graph/pipe.js'
import type { ContainerConfig } from '../../lib/image/config.js'
import { image } from '../../lib/source/image-source.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { entriesOf } from '../../lib/stages/stored.js'
import { generate } from '../../lib/streams/generate.js'
import { needs, runPeer } from '../helpers/peers.js'
import type { Difference } from './buildah-differences.js'
import { buildNode } from './evaluate.js'

/** A Dockerfile that both build, or two that mean the same where buildah does not know what is written. */
export interface Case {
  readonly name: string
  readonly dockerfile: readonly string[]
  /** What buildah is given instead. */
  readonly theirs?: readonly string[]
  readonly arguments?: Readonly<Record<string, string>>
  readonly target?: string
}

/** Compares file systems and configs of all cases, but for `buildahDifferences`. `prepare` fills the context of all. */
export function compareWithBuildah(cases: readonly Case[], prepare: (context: string) => Promise<void>): void {
  const options = process.getuid?.() === 0 ? needs('buildah') : { skip: 'only root can run buildah in a chroot' }
  test('buildah builds the same', options, async (t) => {
    const work = await mkdtemp(join(tmpdir(), 'layerpipe-buildah-'))
    t.teardown(() => rm(work, { recursive: true, force: true }))
    const context = t.testdir({})
    await prepare(context)
    for (const each of cases) {
      await t.test(each.name, async (t) => {
        const [ours, theirs] = [await buildOurs(each, context), await buildTheirs(each, context, work)]
        t.same(ours.files, theirs.files, 'files')
        t.same(ours.config, theirs.config, 'config')
      })
    }
  })
}

/** Checks that each difference that has a Dockerfile is still one, so that none is left out for nothing. */
export function showDifferences(differences: readonly Difference[], prepare: (context: string) => Promise<void>): void {
  const options = process.getuid?.() === 0 ? needs('buildah') : { skip: 'only root can run buildah in a chroot' }
  test('buildah builds something else where that is by design', options, async (t) => {
    const work = await mkdtemp(join(tmpdir(), 'layerpipe-buildah-'))
    t.teardown(() => rm(work, { recursive: true, force: true }))
    const context = t.testdir({})
    await prepare(context)
    for (const { subject, dockerfile } of differences) {
      if (!dockerfile) continue
      const each = { name: subject, dockerfile }
      t.notSame(await buildOurs(each, context), await buildTheirs(each, context, work), subject)
    }
  })
}

interface Described {
  readonly files: readonly string[]
  readonly config: unknown
}

async function buildOurs({ dockerfile, arguments: given = {}, target }: Case, context: string): Promise<Described> {
  await writeFile(join(context, 'Dockerfile'), `${dockerfile.join('\n')}\n`)
  return describe(await buildNode(context, { arguments: given, target: target ?? null }))
}

async function buildTheirs(each: Case, context: string, work: string): Promise<Described> {
  const { dockerfile, theirs = dockerfile, arguments: given = {}, target } = each
  await writeFile(join(context, 'Dockerfile'), `${theirs.join('\n')}\n`)
  const archive = join(work, 'image.tar')
  await rm(archive, { force: true })
  const storage = ['--root', join(work, 'root'), '--runroot', join(work, 'run'), '--storage-driver', 'vfs']
  const flags = Object.entries(given).map(([name, value]) => `--build-arg=${name}=${value}`)
  if (target !== undefined) flags.push(`--target=${target}`)
  const output = ['--format', 'docker', '-q', '-t', `docker-archive:${archive}:x:1`]
  await runPeer('buildah', ...storage, 'bud', '--isolation', 'chroot', ...flags, ...output, context)
  return describe(image({ kind: 'docker-archive', path: archive, name: null, platforms: 'all' }))
}

async function describe(node: Node<LayerSource | ImageEnd>): Promise<Described> {
  const [described] = await run([pipe(node, describeItems(null))])
  if (!described) throw new TypeError('no image')
  return described
}

const describeItems: (parameters: null) => Stage<LayerSource | ImageEnd, Described> = stage('describe', (_, context) =>
  generate<LayerSource | ImageEnd, Described>(async function* (items) {
    const layers: LayerSource[] = []
    for await (const item of items) {
      if (item.kind !== 'image') {
        layers.push(item)
        continue
      }
      const options = { keepWhiteouts: false, spool: () => context.temporary() }
      const merged = await layerSnapshots(Readable.from(layers).map(entriesIn), options)
      yield { files: await listFiles(merged), config: comparable(item.config) }
    }
  })
)

function entriesIn(layer: LayerSource): Readable {
  if (layer.kind === 'stored') return entriesOf(layer.layer).open()
  return Readable.from(layer.upper.contents(layer.upper.walk()))
}

/** A line for each path: all but times, which buildah takes from the clock where nothing else tells. */
async function listFiles(snapshot: Snapshot): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const batch of snapshot.walk()) {
    for (const entry of batch) {
      const { path, type, mode, uid, gid, size, link } = entry
      const digest = type === 'file' && size > 0 ? await digestOf(snapshot.open(entry)) : ''
      lines.push(`${path} ${type} ${mode.toString(8)} ${uid}:${gid} ${size} ${link} ${digest}`)
    }
  }
  return lines
}

async function digestOf(body: Readable): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex').slice(0, 16)
}

/** What both write in one way; the rest is among `buildahDifferences`. */
function comparable({ Env = [], WorkingDir, Labels = {}, ArgsEscaped: _, ...config }: ContainerConfig): unknown {
  const { 'io.buildah.version': __, ...labels } = Labels
  const rest = Object.entries(config).filter(([, value]) => value !== null && JSON.stringify(value).length > 2)
  return {
    ...Object.fromEntries(rest.filter(([name]) => KNOWN.has(name))),
    Env: Env.filter((each) => !each.startsWith('PATH=')).toSorted(),
    WorkingDir: WorkingDir || '/',
    Labels: labels
  }
}

const KNOWN = new Set([
  'User',
  'ExposedPorts',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell'
])
