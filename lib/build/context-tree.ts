import { readdirSync } from 'node:fs'
import { baseOf, parentOf } from '../diff/entry.js'
import { nativePath, readHeader } from '../diff/read-header.js'
import { InputError } from '../errors.js'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import { fileOrigin } from './file-origin.js'
import type { IgnoreMatcher, ParentMatch } from './ignore.js'
import { childPath, type Origin, type Tree, type TreeNode } from './tree.js'

/** A build context: a directory without what its ignore file excludes. Only what is asked for is read. */
export interface ContextTree extends Tree {
  /** Whether the ignore file excludes a path that is there. */
  excludes(path: ByteString): boolean
}

/** `root` is an absolute path of this machine. Everything in it belongs to root, as in a context that BuildKit gets. */
export function createContextTree(root: string, ignore: IgnoreMatcher | null): ContextTree {
  return new DirectoryTree(bytesOfText(root), ignore)
}

interface Listed {
  readonly nodes: ReadonlyMap<ByteString, TreeNode>
  readonly excluded: ReadonlySet<ByteString>
  /** What the ignore file's patterns say of each name. */
  readonly matches: ReadonlyMap<ByteString, ParentMatch>
}

const NOTHING: Listed = { nodes: new Map(), excluded: new Set(), matches: new Map() }

class DirectoryTree implements ContextTree {
  readonly #root: ByteString
  readonly #ignore: IgnoreMatcher | null
  readonly #listed = new Map<ByteString, Listed>()
  readonly #inodes = new Map<string, object>()
  readonly #origin: Origin

  constructor(root: ByteString, ignore: IgnoreMatcher | null) {
    this.#root = root
    this.#ignore = ignore
    this.#origin = fileOrigin((path) => `${root}/${path}`)
  }

  get(path: ByteString): TreeNode | null {
    return path === '' ? null : (this.#list(parentOf(path)).nodes.get(baseOf(path)) ?? null)
  }

  names(path: ByteString): readonly ByteString[] {
    return [...this.#list(path).nodes.keys()]
  }

  excludes(path: ByteString): boolean {
    if (path === '') return false
    return this.#list(parentOf(path)).excluded.has(baseOf(path)) || this.excludes(parentOf(path))
  }

  #list(directory: ByteString): Listed {
    const known = this.#listed.get(directory)
    if (known) return known
    const isThere = directory === '' || this.get(directory)?.entry.type === 'directory'
    const parent = directory === '' ? [] : this.#list(parentOf(directory)).matches.get(baseOf(directory))
    const listed = isThere ? this.#read(directory, parent ?? []) : NOTHING
    this.#listed.set(directory, listed)
    return listed
  }

  #read(directory: ByteString, parent: ParentMatch): Listed {
    const location = directory === '' ? this.#root : `${this.#root}/${directory}`
    const nodes = new Map<ByteString, TreeNode>()
    const excluded = new Set<ByteString>()
    const matches = new Map<ByteString, ParentMatch>()
    for (const name of readNames(location)) {
      const path = childPath(directory, name)
      const verdict = this.#ignore?.match(textOf(path), parent) ?? { excluded: false, match: [] }
      if (verdict.excluded) excluded.add(name)
      if (verdict.excluded && !this.#ignore?.reaches(textOf(path))) continue
      const node = this.#nodeOf(location, path)
      if (node === null) continue
      // A directory that is excluded exists only for what is taken back below it.
      if (verdict.excluded && (node.entry.type !== 'directory' || !this.#keepsSome(path, verdict.match))) continue
      excluded.delete(name)
      nodes.set(name, node)
      matches.set(name, verdict.match)
    }
    return { nodes, excluded, matches }
  }

  #keepsSome(path: ByteString, match: ParentMatch): boolean {
    const listed = this.#read(path, match)
    this.#listed.set(path, listed)
    return listed.nodes.size > 0
  }

  #nodeOf(location: ByteString, path: ByteString): TreeNode | null {
    const { entry: found, inode } = readHeader(`${location}/${baseOf(path)}`, path)
    if (found === null) return null
    const entry = { ...found, uid: 0, gid: 0 }
    const body = entry.type === 'file' ? { origin: this.#origin, entry } : null
    return { entry, body, inode: inode === null ? null : this.#inodeOf(inode) }
  }

  #inodeOf(inode: string): object {
    const known = this.#inodes.get(inode) ?? {}
    this.#inodes.set(inode, known)
    return known
  }
}

function readNames(location: ByteString): readonly ByteString[] {
  try {
    return readdirSync(nativePath(location), 'latin1').sort()
  } catch (cause) {
    throw new InputError({ operation: 'read build context', subject: textOf(location), cause })
  }
}
