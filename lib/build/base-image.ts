import { Readable } from 'node:stream'
import { digestOf } from '../blob/digest.js'
import { layerSnapshots } from '../diff/layered.js'
import type { Context } from '../graph/context.js'
import type { ContainerConfig } from '../image/config.js'
import { formatPlatform, type Platform } from '../image/platform.js'
import { parseSource } from '../source/parse.js'
import { sourceNode } from '../source/source-node.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { entriesOf } from '../stages/stored.js'
import { createDirectoryTree } from './directory-tree.js'
import { treeOf } from './snapshot-tree.js'
import { emptyTree, type Tree } from './tree.js'

/** What a stage begins with. */
export interface Base {
  readonly layers: readonly LayerSource[]
  readonly end: ImageEnd
  /** Its file system; read at the first call only, because most stages that build on an image never look into it. */
  tree(): Promise<Tree>
}

/** BuildKit's empty image has a search path and a working directory. */
const EMPTY_CONFIG: ContainerConfig = {
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  WorkingDir: '/'
}

/** `FROM scratch`, or what stands for it in a source without a config. */
export function emptyBase(platform: Platform, layers: readonly LayerSource[], tree: Base['tree']): Base {
  return { layers, end: { kind: 'image', platform, config: EMPTY_CONFIG, history: [] }, tree }
}

export const emptyFileSystem: Base['tree'] = async () => emptyTree

/**
 * Opens what FROM or --from names outside of the Dockerfile: a source as `export` has them, or without a prefix an
 * image in a registry.
 */
export async function openBase(name: string, platform: Platform, context: Context): Promise<Base> {
  const source = parseSource(isSource(name) ? name : `docker://${name}`)
  const node = await sourceNode(source, [formatPlatform(platform)])
  const layers: LayerSource[] = []
  for await (const item of node.open(context, []) as AsyncIterable<LayerSource | ImageEnd>) {
    if (item.kind === 'image') return { layers, end: item, tree: onceOnly(() => readTree(name, layers, context)) }
    layers.push(item)
  }
  // A directory is looked into where it lies: what is not copied is not read.
  const inPlace = source.kind === 'dir' && source.target === '' ? createDirectoryTree(source.path) : null
  return emptyBase(
    platform,
    layers,
    onceOnly(async () => inPlace ?? readTree(name, layers, context))
  )
}

function isSource(name: string): boolean {
  return /^(?:dir|tar|oci|oci-archive|docker-archive|docker):/.test(name)
}

async function readTree(name: string, layers: readonly LayerSource[], context: Context): Promise<Tree> {
  const merged = await layerSnapshots(Readable.from(layers).map(entriesIn), {
    keepWhiteouts: false,
    subject: name,
    spool: () => context.temporary()
  })
  return treeOf(merged, identityOf(layers))
}

/** What the file system of an image is made of, where all of its layers have digests. */
function identityOf(layers: readonly LayerSource[]): string | null {
  const digests = layers.map((layer) => (layer.kind === 'stored' ? layer.layer.diffID : null))
  return digests.includes(null) ? null : digestOf(digests.join(' '))
}

function entriesIn(layer: LayerSource): Readable {
  if (layer.kind === 'stored') return entriesOf(layer.layer).open()
  return Readable.from(layer.upper.contents(layer.upper.walk()))
}

function onceOnly<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}
