import { chmodSync, mkdirSync } from 'node:fs'
import { createEntry, type Entry, parentOf } from '../diff/entry.js'
import { readHeader } from '../diff/read-header.js'
import { codeOf } from '../errors.js'
import type { ByteString } from '../streams/bytes.js'
import { checkedName } from './checked-name.js'
import { entryProblem } from './entry-problem.js'
import { type OpenDirectory, openDirectory, type Path } from './open-directory.js'
import { isRoot } from './user.js'

/**
 * The directories between the root of a tree and the entry that is being written. In walk order each is entered once;
 * an archive in another order may come back to one, which then has the same metadata afterwards as before.
 */
export interface DirectoryStack {
  readonly root: OpenDirectory
  /** The directory that `path` goes into; made where no entry has. Those that it is not in are left and sealed. */
  parent(path: ByteString): OpenDirectory
  /** Makes the directory `entry` and goes into it. */
  enter(entry: Entry): void
  /** Leaves all directories and seals them. */
  leave(): void
  /** Closes all directories as they are. */
  close(): void
}

/** Gives a directory that is left its metadata. */
export type Seal = (directory: OpenDirectory, entry: Entry) => void

export function createDirectoryStack(root: OpenDirectory, seal: Seal): DirectoryStack {
  return new Stack(root, seal)
}

interface Level {
  /** The metadata that it gets when it is left. */
  readonly entry: Entry
  readonly directory: OpenDirectory
}

class Stack implements DirectoryStack {
  readonly root: OpenDirectory
  readonly #seal: Seal
  readonly #levels: Level[] = []

  constructor(root: OpenDirectory, seal: Seal) {
    this.root = root
    this.#seal = seal
  }

  parent(path: ByteString): OpenDirectory {
    const wanted = parentOf(path)
    while (!contains(this.#path, wanted)) this.#pop()
    while (this.#path !== wanted) {
      const end = wanted.indexOf('/', this.#path === '' ? 0 : this.#path.length + 1)
      const implied = createEntry({ path: end < 0 ? wanted : wanted.slice(0, end), type: 'directory', mode: 0o755 })
      this.#push(this.#make(implied) ?? implied)
    }
    return this.#top
  }

  enter(entry: Entry): void {
    this.parent(entry.path)
    this.#make(entry)
    this.#push(entry)
  }

  leave(): void {
    while (this.#levels.length > 0) this.#pop()
  }

  close(): void {
    for (const { directory } of this.#levels.splice(0)) directory.close()
    this.root.close()
  }

  get #top(): OpenDirectory {
    return this.#levels.at(-1)?.directory ?? this.root
  }

  get #path(): ByteString {
    return this.#levels.at(-1)?.entry.path ?? ''
  }

  /** Makes a directory, or makes sure that it is one. Gives the metadata of one that was there. */
  #make(entry: Entry): Entry | null {
    const name = checkedName(entry)
    const path = this.#top.at(name)
    if (makeDirectory(path)) return null
    const found = readHeader(this.#top.locate(name), entry.path).entry
    if (found?.type !== 'directory') {
      throw entryProblem(entry, {
        expected: 'a directory',
        found: 'an entry of another type at the same path, perhaps a link that leads elsewhere'
      })
    }
    if (!isRoot()) chmodSync(path, 0o700)
    return found
  }

  #push(entry: Entry): void {
    this.#levels.push({ entry, directory: openDirectory(this.#top.at(checkedName(entry))) })
  }

  #pop(): void {
    const level = this.#levels.pop()
    if (level === undefined) return
    try {
      this.#seal(level.directory, level.entry)
    } finally {
      level.directory.close()
    }
  }
}

/** False where something is there already. */
function makeDirectory(path: Path): boolean {
  try {
    mkdirSync(path, 0o700)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function contains(directory: ByteString, path: ByteString): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}
