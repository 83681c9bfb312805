import type { Readable } from 'node:stream'
import { type Bodies, createBodySpool } from './body-spool.js'
import { contentsOfFile } from './contents-of-file.js'
import type { Entry } from './entry.js'
import { createLayerIndex, type LayerIndex, type LayerIndexOptions } from './layer-index.js'
import { mergeWalks, walkTree } from './merged-walk.js'
import type { Snapshot } from './snapshot.js'

export interface LayeredOptions extends LayerIndexOptions {
  /** Whether directories are listed that no layer has an entry for. Default: where whiteouts are not kept. */
  readonly implied?: boolean
  /** Gives a path for a temporary file that holds all bodies. */
  readonly spool: () => Promise<string>
}

/** A snapshot that has a temporary file until it is closed. */
export interface LayeredSnapshot extends Snapshot {
  close(): Promise<void>
}

/**
 * Reads layers, each a stream of EntryBatch in any order, lowest first, as one snapshot (image-spec, layer.md,
 * "Applying Changesets"). In memory are the headers; bodies go to the spool.
 *
 * A whiteout hides no entry of its own layer, wherever it stands in it. Throws InputError for an entry below something
 * that is no directory, for a path twice in a layer (directories excepted, unless whiteouts are kept), and for a hard
 * link to nothing (unless whiteouts are kept: its target may be in a layer below).
 */
export async function layerSnapshots(
  layers: AsyncIterable<Readable>,
  options: LayeredOptions
): Promise<LayeredSnapshot> {
  const spool = await createBodySpool(await options.spool())
  try {
    const index = createLayerIndex(options)
    for await (const layer of layers) {
      for await (const batch of layer) await spool.append(index.add(batch, spool.length))
      index.endLayer()
    }
    await spool.seal()
    return indexedSnapshot(index, spool, options)
  } catch (error) {
    await spool.remove()
    throw error
  }
}

/** The snapshot that an index describes, with its bodies where the index says. */
export function indexedSnapshot(
  index: LayerIndex,
  bodies: Bodies,
  { keepWhiteouts, implied = !keepWhiteouts }: LayerIndexOptions & Pick<LayeredOptions, 'implied'>
): LayeredSnapshot {
  const locate = ({ path }: Entry): number => index.tree.find(path)?.inode.offset ?? 0
  return {
    async *walk() {
      yield* inBatches(mergeWalks(walkTree(index.tree.root, { implied }), index.kept))
    },
    async *contents(entries) {
      const file = await bodies.open()
      try {
        yield* contentsOfFile(entries, file, locate)
      } finally {
        await file.close()
      }
    },
    open: (entry) => bodies.stream(locate(entry), entry.size),
    close: () => bodies.remove()
  }
}

function* inBatches(entries: Iterable<Entry>): Generator<readonly Entry[]> {
  let batch: Entry[] = []
  for (const entry of entries) {
    batch.push(entry)
    if (batch.length < BATCH_ENTRIES) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const BATCH_ENTRIES = 1024
