import { baseOf, type Entry, parentOf } from '../diff/entry.js'
import { readHeader } from '../diff/read-header.js'
import { readNames } from '../diff/read-names.js'
import { InputError } from '../errors.js'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import { fileOrigin } from './file-origin.js'
import { type PackedNodes, packNodes } from './packed-nodes.js'
import { childPath, type Origin, type Tree, type TreeNode } from './tree.js'

/**
 * A directory of this machine as a tree. Only directories that are asked for are read, once. Everything in it belongs
 * to root, as in a build context that BuildKit gets. `root` is an absolute path; `onList` hears of each directory that
 * is read.
 */
export function createDirectoryTree(root: string, onList: (directory: ByteString) => void = () => {}): Tree {
  return new DirectoryTree(bytesOfText(root), onList)
}

interface Listing {
  readonly names: readonly ByteString[]
  readonly nodes: PackedNodes
}

class DirectoryTree implements Tree {
  readonly #root: ByteString
  readonly #origin: Origin
  readonly #onList: (directory: ByteString) => void
  readonly #listed = new Map<ByteString, Listing>()
  readonly #inodes = new Map<string, object>()

  constructor(root: ByteString, onList: (directory: ByteString) => void) {
    this.#root = root
    this.#onList = onList
    this.#origin = fileOrigin((path) => `${root}/${path}`)
  }

  get(path: ByteString): TreeNode | null {
    if (path === '') return null
    const { nodes } = this.#list(parentOf(path))
    const index = nodes.find(path)
    return index < 0 ? null : nodes.node(index)
  }

  names(path: ByteString): readonly ByteString[] {
    return this.#list(path).names
  }

  #list(directory: ByteString): Listing {
    const known = this.#listed.get(directory)
    if (known) return known
    const isThere = directory === '' || this.get(directory)?.entry.type === 'directory'
    const nodes = isThere ? this.#read(directory) : []
    const listing = { names: nodes.map(({ entry }) => baseOf(entry.path)), nodes: packNodes(nodes) }
    this.#listed.set(directory, listing)
    return listing
  }

  #read(directory: ByteString): readonly TreeNode[] {
    const location = directory === '' ? this.#root : `${this.#root}/${directory}`
    const nodes: TreeNode[] = []
    this.#onList(directory)
    for (const name of namesIn(location)) {
      const node = this.#nodeOf(location, childPath(directory, name))
      if (node) nodes.push(node)
    }
    return nodes
  }

  /** Null for a socket, which no layer can hold. */
  #nodeOf(location: ByteString, path: ByteString): TreeNode | null {
    const found = readHeader(`${location}/${baseOf(path)}`, path)
    if (found.entry === null) return null
    const { inode } = found
    const entry = ownedByRoot(found.entry)
    const body = entry.type === 'file' ? { origin: this.#origin, path, identity: entry.identity } : null
    return { entry, body, inode: inode === null ? null : this.#inodeOf(inode) }
  }

  #inodeOf(inode: string): object {
    const known = this.#inodes.get(inode) ?? {}
    this.#inodes.set(inode, known)
    return known
  }
}

function ownedByRoot(entry: Entry): Entry {
  return entry.uid === 0 && entry.gid === 0 ? entry : { ...entry, uid: 0, gid: 0 }
}

function namesIn(location: ByteString): readonly ByteString[] {
  try {
    return readNames(location)
  } catch (cause) {
    throw new InputError({ operation: 'read build context', subject: textOf(location), cause })
  }
}
