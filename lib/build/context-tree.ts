import { baseOf, parentOf } from '../diff/entry.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import type { IgnoreMatcher, ParentMatch } from './ignore.js'
import { childPath, type Tree, type TreeNode } from './tree.js'

/** A build context: a tree without what its ignore file excludes. */
export interface ContextTree extends Tree {
  /** The name of the ignore file where that excludes a path that is there; null where it doesn't. */
  excludedBy(path: ByteString): string | null
}

/** What an ignore file says, and its name for people. */
export interface IgnoreFile {
  readonly name: string
  readonly matcher: IgnoreMatcher
}

/** Excluded directories are only looked into where something below them may be taken back. */
export function createContextTree(files: Tree, ignore: IgnoreFile | null): ContextTree {
  if (ignore === null)
    return { get: (path) => files.get(path), names: (path) => files.names(path), excludedBy: () => null }
  return new IgnoringTree(files, ignore)
}

interface Listed {
  readonly names: readonly ByteString[]
  readonly excluded: ReadonlySet<ByteString>
  /** What the ignore file's patterns say of each name that is left. */
  readonly matches: ReadonlyMap<ByteString, ParentMatch>
}

class IgnoringTree implements ContextTree {
  readonly #files: Tree
  readonly #ignore: IgnoreFile
  readonly #listed = new Map<ByteString, Listed>()

  constructor(files: Tree, ignore: IgnoreFile) {
    this.#files = files
    this.#ignore = ignore
  }

  get(path: ByteString): TreeNode | null {
    if (path === '' || !this.#list(parentOf(path))?.matches.has(baseOf(path))) return null
    return this.#files.get(path)
  }

  names(path: ByteString): readonly ByteString[] {
    return this.#list(path)?.names ?? []
  }

  excludedBy(path: ByteString): string | null {
    if (path === '') return null
    const isExcluded = this.#list(parentOf(path))?.excluded.has(baseOf(path)) ?? false
    return isExcluded ? this.#ignore.name : this.excludedBy(parentOf(path))
  }

  /** Null for a directory that is excluded itself. */
  #list(directory: ByteString): Listed | null {
    const known = this.#listed.get(directory)
    if (known) return known
    if (directory === '') return this.#select('', [])
    const match = this.#list(parentOf(directory))?.matches.get(baseOf(directory))
    return match ? this.#select(directory, match) : null
  }

  #select(directory: ByteString, parent: ParentMatch): Listed {
    const excluded = new Set<ByteString>()
    const matches = new Map<ByteString, ParentMatch>()
    for (const name of this.#files.names(directory)) {
      const path = childPath(directory, name)
      const verdict = this.#ignore.matcher.match(textOf(path), parent)
      if (verdict.excluded && !this.#keepsSome(path, verdict.match)) excluded.add(name)
      else matches.set(name, verdict.match)
    }
    const listed = { names: [...matches.keys()], excluded, matches }
    this.#listed.set(directory, listed)
    return listed
  }

  /** A directory that is excluded exists only for what is taken back below it. */
  #keepsSome(path: ByteString, match: ParentMatch): boolean {
    if (!this.#ignore.matcher.reaches(textOf(path)) || this.#files.get(path)?.entry.type !== 'directory') return false
    return this.#select(path, match).names.length > 0
  }
}
