import { Readable } from 'node:stream'
import type { ByteRange } from '../blob/blob.js'
import { type Bodies, createBodySpool } from '../diff/body-spool.js'
import { createEntry } from '../diff/entry.js'
import { chain } from '../streams/body.js'
import { type ByteString, bytesOfText } from '../streams/bytes.js'
import type { TarBlock } from '../tar/block.js'
import { encodeEntry } from '../tar/encode.js'
import { paddingOf } from '../tar/header.js'
import { splitTar } from '../tar/split.js'
import { createEntryRanges } from './entry-ranges.js'
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK } from './estargz-names.js'

/** What a lazily pulled layer is to begin with. */
export interface Priorities {
  /** Of entries, in the order in which they are wanted, as people write them: `/bin/sh`, `./etc/`. */
  readonly paths: readonly string[]
  /** Gives a path for a file that holds the layer until all of it is known. */
  temporary(): Promise<string>
}

/**
 * A layer with the entries first that have priority, and what they need; then a landmark, up to which clients fetch
 * the layer before a container starts; then the rest as it was (docs/estargz.md, "Prioritized Files and Landmark
 * Files"). Where it has none of the entries, the landmark says that nothing is to be fetched ahead. `onFound` is told
 * which paths it has.
 */
export async function* prioritize(
  blocks: AsyncIterable<TarBlock>,
  { paths, temporary }: Priorities,
  onFound: (paths: readonly string[]) => void
): AsyncGenerator<TarBlock> {
  const entries = createEntryRanges()
  const spool = await createBodySpool(await temporary())
  try {
    for await (const { bytes, marks } of blocks) {
      entries.add(marks)
      await spool.append([bytes])
    }
    await spool.append([Buffer.alloc(paddingOf(spool.length))]) // where it lacks the last one, and others follow
    await spool.seal()
    onFound(paths.filter((path) => entries.has(pathOf(path))))
    const bytes = reordered(spool, spool.length, entries.inOrder(paths.map(pathOf)))
    yield* chain(Readable.from(bytes, { highWaterMark: 1 }), [splitTar('layer', { verified: true })])
  } finally {
    await spool.remove()
  }
}

async function* reordered(spool: Bodies, length: number, first: readonly ByteRange[]): AsyncGenerator<Buffer> {
  for (const { start, end } of first) yield* spool.stream(start, end - start)
  yield landmark(first.length > 0 ? PREFETCH_LANDMARK : NO_PREFETCH_LANDMARK)
  let at = 0
  for (const { start, end } of first.toSorted((a, b) => a.start - b.start)) {
    yield* spool.stream(at, start - at)
    at = end
  }
  yield* spool.stream(at, length - at)
}

/** As an entry has it. */
function pathOf(text: string): ByteString {
  return bytesOfText(text.replace(/^(?:\.?\/+)+|\/+$/g, ''))
}

/** A file of one byte, as stargz writes it. */
function landmark(path: string): Buffer {
  const header = encodeEntry(createEntry({ path, type: 'file', size: LANDMARK.length }))
  return Buffer.concat([header, LANDMARK, Buffer.alloc(paddingOf(LANDMARK.length))])
}

const LANDMARK = Buffer.from([0xf])
