import type { Test } from 'tap'
import { build } from '../../lib/build/build.js'
import type { BuildParameters } from '../../lib/build/parameters.js'
import { readInputs } from '../../lib/build/read-inputs.js'
import type { Entry } from '../../lib/diff/entry.js'
import { type Node, run, type Stage, stage } from '../../lib/graph/index.js'
import { pipe } from '../../lib/graph/pipe.js'
import type { History } from '../../lib/image/config.js'
import { formatPlatform, localPlatform } from '../../lib/image/platform.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { generate } from '../../lib/streams/generate.js'

export interface BuiltLayer {
  readonly entries: readonly Entry[]
  readonly bodies: ReadonlyMap<string, string>
  readonly history: readonly History[]
}

export interface Built {
  readonly layers: readonly BuiltLayer[]
  readonly end: ImageEnd
}

/** The paths of each layer. */
export function pathsOf({ layers }: Built): readonly (readonly string[])[] {
  return layers.map(({ entries }) => entries.map(({ path }) => path))
}

/** The node of the Dockerfile of a directory. */
export async function buildNode(
  context: string,
  options: Partial<BuildParameters> = {}
): Promise<Node<LayerSource | ImageEnd>> {
  return build({
    ...(await readInputs({ context, file: null }, noSpool)),
    contexts: {},
    target: null,
    arguments: {},
    platforms: [formatPlatform(localPlatform())],
    labels: {},
    epoch: null,
    ...options
  })
}

/** Builds the Dockerfile of a directory and reads every layer. */
export async function buildDirectory(
  context: string,
  options: Partial<BuildParameters> = {}
): Promise<readonly Built[]> {
  const [built] = await run([pipe(await buildNode(context, options), read(null))])
  return built ?? []
}

/** What tap makes directories from: texts are files. */
export interface Files {
  readonly [name: string]: string | Files
}

/** A directory with a Dockerfile, and what it copies. */
export function contextOf(t: Test, dockerfile: readonly string[], files: Files = {}): string {
  return t.testdir({ ...files, Dockerfile: `${dockerfile.join('\n')}\n` })
}

/** Builds the one image of a Dockerfile. */
export async function buildOne(
  t: Test,
  dockerfile: readonly string[],
  files: Files = {},
  options: Partial<BuildParameters> = {}
): Promise<Built> {
  const [built] = await buildDirectory(contextOf(t, dockerfile, files), options)
  if (!built) throw new TypeError('nothing was built')
  return built
}

const read: (parameters: null) => Stage<LayerSource | ImageEnd, readonly Built[]> = stage('read', () =>
  generate<LayerSource | ImageEnd, readonly Built[]>(async function* (items) {
    const images: Built[] = []
    let layers: BuiltLayer[] = []
    for await (const item of items) {
      if (item.kind === 'image') {
        images.push({ layers, end: item })
        layers = []
      } else if (item.kind === 'snapshot') layers.push(await readLayer(item))
    }
    yield images
  })
)

async function readLayer({ upper, history }: Extract<LayerSource, { kind: 'snapshot' }>): Promise<BuiltLayer> {
  const entries: Entry[] = []
  const bodies = new Map<string, string>()
  for await (const batch of upper.contents(upper.walk())) {
    for (const item of batch) {
      const last = entries.at(-1)
      if (!Buffer.isBuffer(item)) entries.push(item)
      else if (last) bodies.set(last.path, (bodies.get(last.path) ?? '') + item.toString('latin1'))
    }
  }
  return { entries, bodies, history }
}

function noSpool(): Promise<string> {
  return Promise.reject(new TypeError('a directory needs no spool'))
}
