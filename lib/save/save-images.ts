import { chmodSync, mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { EntryBatch } from '../diff/entry.js'
import { differentContent, type PlacedImage } from '../diff/merge-images.js'
import { errorOf } from '../errors.js'
import type { Body } from '../streams/body.js'
import { flow } from '../streams/flow.js'
import { mergeTree } from './merge-tree.js'
import type { Omissions } from './omissions.js'
import { removeTree } from './remove-tree.js'
import { haveSameContent } from './same-content.js'
import { temporaryName } from './temporary-name.js'
import { createTreeWriter, type TreeWriter } from './tree-writer.js'

export interface SaveContext {
  /** How errors call the tree. */
  readonly destination: string
  readonly omissions: Omissions
  readonly signal: AbortSignal
  progress(bytes: number): void
}

/**
 * Writes images into an empty directory: each into its own, or all into one.
 *
 * @returns the bytes of their files
 * @throws InputError where two have different contents at the same path
 */
export async function saveImages(images: readonly PlacedImage[], root: string, context: SaveContext): Promise<number> {
  let bytes = 0
  for (const [index, { directory, bodies }] of images.entries()) {
    if (directory !== null) bytes += await saveInDirectory(bodies, join(root, directory), context)
    else if (index === 0) bytes += await saveBodies(bodies, root, context)
    else bytes += await saveOver(bodies, root, context)
  }
  return bytes
}

/** A platform's directory comes from no image: it has the metadata that BuildKit gives it. */
async function saveInDirectory(bodies: readonly Body[], path: string, context: SaveContext): Promise<number> {
  mkdirSync(path)
  const bytes = await saveBodies(bodies, path, context)
  chmodSync(path, 0o755)
  utimesSync(path, 0, 0)
  return bytes
}

async function saveOver(bodies: readonly Body[], root: string, context: SaveContext): Promise<number> {
  const path = join(root, temporaryName())
  mkdirSync(path)
  const bytes = await saveBodies(bodies, path, context)
  await mergeTree(path, root, {
    replaces: (name, from, to) => {
      if (!haveSameContent(from, to)) throw differentContent(name)
      return false
    },
    removes: () => false,
    omissions: context.omissions
  })
  removeTree(path)
  return bytes
}

async function saveBodies(bodies: readonly Body[], root: string, context: SaveContext): Promise<number> {
  const tree = createTreeWriter(root, context)
  try {
    for (const body of bodies) await flow([body.open(), writableOf(tree, context)], context.signal)
    tree.end()
    return tree.bytes
  } finally {
    tree.close()
  }
}

function writableOf(tree: TreeWriter, { progress }: SaveContext): Writable {
  return new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(batch: EntryBatch, _encoding, done) {
      const before = tree.bytes
      try {
        tree.write(batch)
      } catch (error) {
        return done(errorOf(error))
      }
      progress(tree.bytes - before)
      setImmediate(done) // the writes are synchronous: between batches others have their turn
    }
  })
}
