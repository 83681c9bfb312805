import { Readable } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import { chain, type ReaderOptions } from '../streams/body.js'
import type { ByteString } from '../streams/bytes.js'
import type { TarBlock } from './block.js'
import { type PackOptions, packEntries, type TarPart } from './pack.js'
import { packedAs } from './packed-entry.js'

/** The entries of a layer, to be read as often as somebody likes, and their bodies, for those who want them. */
export interface Outline {
  /** What the layer is of: the next layer of that name will be much the same. */
  readonly name: string
  /** Headers only, in the order of the layer. */
  entries(): AsyncIterable<readonly Entry[]>
  /** As of a Snapshot. */
  contents(entries: AsyncIterable<readonly Entry[]>, reader?: ReaderOptions): AsyncIterable<EntryBatch>
}

/** The same of a layer tar. */
export interface TarOutline {
  readonly name: string
  entries(): AsyncIterable<readonly Entry[]>
  /** An entry as the tar has it. */
  packed(entry: Entry): Entry
  /** The tar of some entries; the blocks are lent. */
  pack(entries: readonly Entry[], part: TarPart): AsyncIterable<TarBlock>
}

/** An outline of what `packEntries` makes of the entries; `onDropped` is as there. */
export function packOutline(
  { name, entries, contents }: Outline,
  options: PackOptions,
  onDropped: (name: ByteString) => void
): TarOutline {
  const packed = packedAs(options, onDropped)
  return {
    name,
    entries,
    packed,
    pack: (some, part) =>
      chain(Readable.from(contents(once(some), { givesBack: true })), [packEntries(options, { part, lends: true })])
  }
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
