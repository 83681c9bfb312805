import { createHash } from 'node:crypto'
import type { Records } from '../blob/records.js'
import type { Snapshot } from '../diff/snapshot.js'
import { createResource } from '../graph/resource.js'
import type { ByteString } from '../streams/bytes.js'
import { layerKey } from './layer-key.js'
import { createNodeSnapshot } from './node-snapshot.js'
import type { TreeNode } from './tree.js'

/** Says what a layer is made of. Undefined where it can't be told. */
export type NameLayer = (nodes: readonly TreeNode[]) => Promise<string | undefined>

/** How the layers of a run are named. */
export interface LayerNames {
  /** By what this machine knows of its files, or by what is in them. */
  readonly by: 'files' | 'contents'
  readonly name: NameLayer
}

/** By files, unless a run is given another way. */
export const layerNames = createResource<LayerNames>('layer names', () => ({
  by: 'files',
  name: async (nodes) => layerKey(nodes)
}))

/** What records of names are called in the store. */
const KIND = 'layer-name'

/**
 * Names layers by their contents, so that other machines give the same names. Files are read once: after that the
 * records know the name by what this machine knows of the files.
 */
export function createContentNames(records: Records): LayerNames {
  const name: NameLayer = async (nodes) => {
    const own = layerKey(nodes)
    const known = own === undefined ? null : await records.get(KIND, own)
    if (typeof known === 'string') return known
    const found = layerKey(await withDigests(nodes))
    if (own !== undefined && found !== undefined) await records.put(KIND, own, found).catch(() => {})
    return found
  }
  return { by: 'contents', name }
}

async function withDigests(nodes: readonly TreeNode[]): Promise<readonly TreeNode[]> {
  const digests = await digestBodies(createNodeSnapshot(nodes))
  return nodes.map((node) => {
    const identity = digests.get(node.entry.path) ?? null
    return node.body === null ? node : { ...node, body: { ...node.body, identity } }
  })
}

/** The digest of every body, by path. */
async function digestBodies(snapshot: Snapshot): Promise<ReadonlyMap<ByteString, string>> {
  const digests = new Map<ByteString, string>()
  const links = new Map<ByteString, string>()
  let path: ByteString = ''
  let hash = createHash('sha256')
  for await (const batch of snapshot.contents(snapshot.walk())) {
    for (const item of batch) {
      if (Buffer.isBuffer(item)) {
        hash.update(item)
        continue
      }
      digests.set(path, hash.digest('hex'))
      hash = createHash('sha256')
      path = item.path
      const target = item.type === 'hardlink' ? digests.get(item.link) : undefined
      if (target !== undefined) links.set(path, target)
    }
  }
  return new Map([...digests.set(path, hash.digest('hex')), ...links])
}
