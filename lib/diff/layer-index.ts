import { InputError } from '../errors.js'
import { printable } from '../streams/bytes.js'
import type { Entry, EntryBatch } from './entry.js'
import { createMergedTree, type MergedTree } from './merged-tree.js'
import { compareEntries } from './merged-walk.js'

export interface LayerIndexOptions {
  /**
   * False merges layers into the file system that they stand for. True is for the entries of one tar that becomes a
   * layer: its whiteouts stay entries, and a directory that it only implies stays out, so as not to hide the one below.
   */
  readonly keepWhiteouts: boolean
  /** What errors call the layers together: "source oci:DIR"; "image" by default. */
  readonly subject?: string
}

/** The headers of layers put onto each other, and where their bodies are. */
export interface LayerIndex {
  readonly tree: MergedTree
  /** Whiteouts that were kept, in walk order. */
  readonly kept: readonly Entry[]
  /** Takes note of one entry, whose body lies at `offset`. Throws InputError. */
  addEntry(entry: Entry, offset: number): void
  /** Takes note of a batch's entries, whose bodies will lie from `offset` on, and gives the bodies. Throws InputError. */
  add(batch: EntryBatch, offset: number): readonly Buffer[]
  /** Ends a layer, also with what can only be decided then. Throws InputError. */
  endLayer(): void
}

export function createLayerIndex(options: LayerIndexOptions): LayerIndex {
  return new Index(options)
}

class Index implements LayerIndex {
  readonly tree: MergedTree
  readonly kept: Entry[] = []
  readonly #options: LayerIndexOptions
  #links: Entry[] = []
  #whiteouts: Entry[] = []
  #layer = 0

  constructor(options: LayerIndexOptions) {
    this.#options = options
    this.tree = createMergedTree({
      nameLayer: () => this.#name(),
      mergeDirectories: !options.keepWhiteouts
    })
  }

  addEntry(entry: Entry, offset: number): void {
    if (entry.type === 'whiteout' || entry.type === 'opaque') this.#whiteouts.push(entry)
    else if (entry.type !== 'hardlink') this.tree.put(entry, offset)
    else if (!this.tree.link(entry)) this.#links.push(entry)
  }

  add(batch: EntryBatch, offset: number): readonly Buffer[] {
    const bodies: Buffer[] = []
    let end = offset
    for (const item of batch) {
      if (!Buffer.isBuffer(item)) this.addEntry(item, end)
      else if (item.length > 0) {
        bodies.push(item)
        end += item.length
      }
    }
    return bodies
  }

  endLayer(): void {
    this.#resolveLinks()
    for (const { path, type } of this.#whiteouts) this.tree.erase(path, type === 'opaque')
    if (this.#options.keepWhiteouts) this.kept.push(...this.#whiteouts)
    this.kept.sort(compareEntries)
    this.#whiteouts = []
    this.tree.endLayer()
    this.#layer += 1
  }

  /** Links may stand before what they link to, also in a row. */
  #resolveLinks(): void {
    for (let count = -1; this.#links.length !== count; ) {
      count = this.#links.length
      this.#links = this.#links.filter((entry) => !this.tree.link(entry))
    }
    for (const entry of this.#links) {
      if (!this.#options.keepWhiteouts) throw this.#dangling(entry)
      this.tree.put(entry, 0)
    }
    this.#links = []
  }

  #dangling({ path, link }: Entry): InputError {
    return new InputError({
      operation: 'merge layers',
      subject: `${this.#name()}, entry ${printable(path)}`,
      expected: `a hard link to something that is there`,
      found: printable(link),
      advice: 'the image is incomplete: build it anew'
    })
  }

  #name(): string {
    const { subject = 'image', keepWhiteouts } = this.#options
    return keepWhiteouts ? subject : `${subject}, layer ${this.#layer + 1}`
  }
}
