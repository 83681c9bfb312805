import { mkdirSync } from 'node:fs'
import { codeOf } from '../blob/output-problem.js'
import { createEntry, type Entry, parentOf } from '../diff/entry.js'
import type { InputError } from '../errors.js'
import type { ByteString } from '../streams/bytes.js'
import { checkedName } from './checked-name.js'
import { entryProblem } from './entry-problem.js'
import { type OpenDirectory, openDirectory } from './open-directory.js'

/** The directories between the root of a tree and the entry that is being written. */
export interface DirectoryStack {
  readonly root: OpenDirectory
  /** The directory that `path` goes into. Those that it is not in are left, and sealed: nothing more comes into them. */
  parent(path: ByteString): OpenDirectory
  /** Makes the directory `entry` and goes into it. */
  enter(entry: Entry): void
  /** Leaves all directories and seals them. */
  leave(): void
  /** Closes all directories as they are. */
  close(): void
}

/** What is done with a directory when nothing more comes into it. */
export type Seal = (directory: OpenDirectory, entry: Entry) => void

export function createDirectoryStack(root: OpenDirectory, seal: Seal): DirectoryStack {
  return new Stack(root, seal)
}

interface Level {
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
      this.#push(createEntry({ path: end < 0 ? wanted : wanted.slice(0, end), type: 'directory', mode: 0o755 }))
    }
    return this.#top
  }

  enter(entry: Entry): void {
    this.parent(entry.path)
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

  #push(entry: Entry): void {
    const path = this.#top.at(checkedName(entry))
    try {
      mkdirSync(path, 0o700)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    try {
      this.#levels.push({ entry, directory: openDirectory(path) })
    } catch (error) {
      throw codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ELOOP' ? notDirectory(entry, error) : error
    }
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

function contains(directory: ByteString, path: ByteString): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}

function notDirectory(entry: Entry, cause: unknown): InputError {
  return entryProblem(entry, {
    expected: 'a directory',
    found: 'an entry of another type at the same path, perhaps a link that leads elsewhere',
    cause
  })
}
