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
  /** Remembers those that were asked for or added since they were recalled, and no others. Never rejects. */
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
      return new Recalled(text?.split('\n') ?? [], write, () => records.touch(KIND, key))
    }
  }
}

class Recalled implements KnownBareFiles {
  readonly #known: ReadonlySet<string>
  readonly #met = new Set<string>()
  readonly #write: (identities: string) => Promise<void>
  readonly #touch: () => Promise<void>
  #isNew = false

  constructor(known: readonly string[], write: (identities: string) => Promise<void>, touch: () => Promise<void>) {
    this.#known = new Set(known)
    this.#write = write
    this.#touch = touch
  }

  has(identity: string): boolean {
    const isKnown = this.#known.has(identity)
    if (isKnown) this.#meet(identity)
    return isKnown
  }

  add(identity: string): void {
    if (this.#meet(identity)) this.#isNew = true
  }

  async keep(): Promise<void> {
    const isNew = this.#isNew
    this.#isNew = false
    if (isNew) await this.#write([...this.#met].join('\n'))
    else if (this.#met.size > 0) await this.#touch()
  }

  #meet(identity: string): boolean {
    const hasRoom = this.#met.size < LIMIT
    if (hasRoom) this.#met.add(identity)
    return hasRoom
  }
}
