import type { Records } from '../blob/records.js'
import { seal, unseal } from '../blob/sealed.js'
import { createResource } from '../graph/resource.js'

/** Files and directories that have no extended attributes, by `settledIdentity`: to ask one costs two system calls. */
export interface BareFiles {
  has(identity: string): boolean
  /** Takes note of one that was asked, and has none. */
  add(identity: string): void
}

/** Those that earlier runs found in one directory. */
export interface KnownBareFiles extends BareFiles {
  /**
   * Remembers those that were asked for or added since the last time, and no others, unless hardly any of them is new.
   * Never rejects.
   */
  keep(): Promise<void>
}

/** What runs remember of directories. Nothing in it rejects. */
export interface BareFileRecords {
  /** @param directory its absolute path */
  recall(directory: string): Promise<KnownBareFiles>
}

/** Knows nothing and keeps nothing: each file is asked. */
export const askEach: KnownBareFiles = { has: () => false, add: () => {}, keep: async () => {} }

export const noRecords: BareFileRecords = { recall: async () => askEach }

/** What a run looks bare files up in. Nothing, unless it is given one. */
export const bareFiles = createResource<BareFileRecords>('bare files', () => noRecords)

/** What the records are called in the store; changes when what is in them does. */
const KIND = 'bare-files-1'

/** No more than this many are kept of a directory: some 10 MB while it is walked. */
const LIMIT = 2 ** 17

export function createBareFileRecords(records: Records): BareFileRecords {
  return {
    async recall(directory) {
      const key = `${process.getuid?.() ?? ''} ${directory}` // some attributes are there for some users only
      const text = unseal(await records.get(KIND, key).catch(() => null))
      const write = (identities: string) => records.put(KIND, key, seal(identities)).catch(() => {})
      return new Recalled(text?.split(SEPARATOR) ?? [], write, () => records.touch(KIND, key))
    }
  }
}

/** Nothing that JSON would escape. */
const SEPARATOR = ' '

/** Where one in so many is new, it costs less to ask those again than to write all. */
const RARE = 64

/** One that is not among as many that come next is new or has changed, or another order has begun. */
const NEAR = 8

/** After so many of those it is worth knowing where each one is. */
const MISSES = 64

class Recalled implements KnownBareFiles {
  /** In the order in which they were met, which is that of the next walk, too. */
  readonly #known: readonly string[]
  readonly #write: (identities: string) => Promise<void>
  readonly #touch: () => Promise<void>
  #positions: ReadonlyMap<string, number> | null = null
  #next = 0
  #misses = 0
  #met: string[] = []
  #added = 0

  constructor(known: readonly string[], write: (identities: string) => Promise<void>, touch: () => Promise<void>) {
    this.#known = known
    this.#write = write
    this.#touch = touch
  }

  has(identity: string): boolean {
    const at = this.#find(identity)
    if (at < 0) return false
    this.#next = at + 1
    this.#meet(identity)
    return true
  }

  add(identity: string): void {
    if (this.#meet(identity)) this.#added += 1
  }

  async keep(): Promise<void> {
    const [met, added] = [this.#met, this.#added]
    this.#met = []
    this.#added = 0
    this.#next = 0
    this.#misses = 0
    if (added * RARE > met.length) await this.#write([...new Set(met)].join(SEPARATOR))
    else if (met.length > 0) await this.#touch()
  }

  #find(identity: string): number {
    for (let at = this.#next; at < this.#next + NEAR; at += 1) if (this.#known[at] === identity) return at
    this.#misses += 1
    if (this.#misses < MISSES) return -1
    this.#positions ??= new Map(this.#known.map((each, at) => [each, at]))
    return this.#positions.get(identity) ?? -1
  }

  /** Says whether there was room for it. */
  #meet(identity: string): boolean {
    return this.#met.length < LIMIT && this.#met.push(identity) > 0
  }
}
