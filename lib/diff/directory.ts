import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { ReaderOptions } from '../streams/body.js'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import { type BareFileRecords, type BareFiles, type KnownBareFiles, noRecords } from './bare-files.js'
import { createEntry, type Entry, type EntryBatch } from './entry.js'
import { readContents, readLargeFile } from './read-contents.js'
import { readHeader } from './read-header.js'
import { readNames } from './read-names.js'
import { readProblem } from './read-problem.js'
import type { Snapshot } from './snapshot.js'

export interface DirectoryOptions {
  /** Where in the image the directory stands: relative, no trailing slash; empty for the root, the default. */
  readonly target?: ByteString
  /** Told once per walk, where something was left out. */
  readonly onSkipped?: (skipped: Skipped) => void
  /** What of it is known not to have extended attributes. Default: nothing. */
  readonly bare?: BareFileRecords
}

/** How much of a directory no walk gives. */
export interface Skipped {
  sockets: number
  /** Files whose extended attributes could not be asked for, because of a name that is not UTF-8. */
  xattrs: number
}

/** A directory of this machine as a snapshot. `path` is resolved by the caller; nothing is read before a walk. */
export function createDirectorySnapshot(path: string, options: DirectoryOptions = {}): Snapshot {
  return new DirectorySnapshot(bytesOfText(path.replace(/(?<=.)\/+$/, '')), options)
}

/** Entries go out in batches of this many, so that a walk costs a promise per batch. */
const BATCH_ENTRIES = 512

class DirectorySnapshot implements Snapshot {
  readonly #root: ByteString
  readonly #target: ByteString
  readonly #onSkipped: (skipped: Skipped) => void
  readonly #bare: BareFileRecords
  #known: Promise<KnownBareFiles> | null = null

  constructor(root: ByteString, options: DirectoryOptions) {
    this.#root = root
    this.#target = options.target ?? ''
    this.#onSkipped = options.onSkipped ?? (() => {})
    this.#bare = options.bare ?? noRecords
  }

  async *walk(): AsyncGenerator<readonly Entry[]> {
    const bare = await (this.#known ??= this.#bare.recall(textOf(this.#root)))
    let batch: Entry[] = []
    for (const entry of this.#entries(bare)) {
      batch.push(entry)
      if (batch.length < BATCH_ENTRIES) continue
      yield batch
      await setImmediate() // the rest is synchronous: between batches others have their turn, signals among them
      batch = []
    }
    if (batch.length > 0) yield batch
    await bare.keep()
  }

  contents(entries: AsyncIterable<readonly Entry[]>, reader?: ReaderOptions): AsyncIterable<EntryBatch> {
    return readContents(entries, (entry) => this.#locate(entry.path), reader)
  }

  open(entry: Entry): Readable {
    return Readable.from(readLargeFile(this.#locate(entry.path), entry), { objectMode: false })
  }

  #locate(path: ByteString): ByteString {
    if (this.#target === '') return `${this.#root}/${path}`
    return `${this.#root}${path.slice(this.#target.length)}`
  }

  *#entries(bare: BareFiles): Generator<Entry> {
    yield* this.#ancestors()
    const links = new Map<string, ByteString>()
    const skipped = { sockets: 0, xattrs: 0 }
    yield* this.#below(this.#target, { links, skipped, bare })
    if (skipped.sockets + skipped.xattrs > 0) this.#onSkipped(skipped)
  }

  /** The directories that lead to the target; the last one is the directory itself. */
  *#ancestors(): Generator<Entry> {
    if (this.#target === '') return
    for (let slash = this.#target.indexOf('/'); slash > 0; slash = this.#target.indexOf('/', slash + 1)) {
      yield createEntry({ path: this.#target.slice(0, slash), type: 'directory', mode: 0o755 })
    }
    const { entry } = readHeader(this.#root, this.#target)
    if (entry) yield entry
  }

  *#below(directory: ByteString, walk: Walk): Generator<Entry> {
    const { links, skipped, bare } = walk
    const location = this.#locate(directory)
    const prefix = directory === '' ? '' : `${directory}/`
    for (const name of namesIn(location)) {
      const path = `${prefix}${name}`
      const { entry, inode, xattrsUnreachable } = readHeader(`${location}/${name}`, path, bare)
      if (xattrsUnreachable) skipped.xattrs += 1
      if (entry === null) skipped.sockets += 1
      else yield inode === null ? entry : linkedEntry(entry, inode, links)
      if (entry?.type === 'directory') yield* this.#below(path, walk)
    }
  }
}

/** What a walk has come across, and what is known before it. */
interface Walk {
  readonly links: Map<string, ByteString>
  readonly skipped: Skipped
  readonly bare: BareFiles
}

/** The first path of an inode in walk order is the entry, later ones are links to it. */
function linkedEntry(entry: Entry, inode: string, links: Map<string, ByteString>): Entry {
  const first = links.get(inode)
  if (first === undefined) links.set(inode, entry.path)
  return first === undefined ? entry : { ...entry, type: 'hardlink', link: first, size: 0 }
}

function namesIn(location: ByteString): readonly ByteString[] {
  try {
    return readNames(location)
  } catch (cause) {
    throw readProblem('read directory', textOf(location), cause)
  }
}
