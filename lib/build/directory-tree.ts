import type { BareFiles } from '../diff/bare-files.js'
import { baseOf, type Entry, parentOf } from '../diff/entry.js'
import type { FileStats } from '../diff/file-stats.js'
import { type Listing, listDirectory } from '../diff/listing.js'
import { headerOf } from '../diff/read-header.js'
import { InputError } from '../errors.js'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import { fileOrigin } from './file-origin.js'
import type { ListedDirectories } from './listed-directories.js'
import { type PackedNodes, packNodes } from './packed-nodes.js'
import { childPath, type Origin, type Tree, type TreeNode } from './tree.js'

/**
 * A directory of this machine as a tree. Only directories that are asked for are read, once. Everything in it belongs
 * to root, as in a build context that BuildKit gets. `root` is an absolute path.
 */
export function createDirectoryTree(root: string, options: DirectoryTreeOptions = {}): Tree {
  return new DirectoryTree(bytesOfText(root), options)
}

export interface DirectoryTreeOptions {
  /** Hears of each directory that is read. */
  readonly onList?: (directory: ByteString) => void
  /** Directories that have been listed just now. They are taken out. */
  readonly listed?: ListedDirectories
  readonly bare?: BareFiles
}

interface ReadDirectory {
  readonly names: readonly ByteString[]
  readonly nodes: PackedNodes
}

class DirectoryTree implements Tree {
  readonly #root: ByteString
  readonly #origin: Origin
  readonly #options: DirectoryTreeOptions
  readonly #directories = new Map<ByteString, ReadDirectory>()
  readonly #inodes = new Map<string, object>()

  constructor(root: ByteString, options: DirectoryTreeOptions) {
    this.#root = root
    this.#options = options
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

  #list(directory: ByteString): ReadDirectory {
    const known = this.#directories.get(directory)
    if (known) return known
    const isThere = directory === '' || this.get(directory)?.entry.type === 'directory'
    const nodes = isThere ? this.#read(directory) : []
    const read = { names: nodes.map(({ entry }) => baseOf(entry.path)), nodes: packNodes(nodes) }
    this.#directories.set(directory, read)
    return read
  }

  #read(directory: ByteString): readonly TreeNode[] {
    const location = directory === '' ? this.#root : `${this.#root}/${directory}`
    this.#options.onList?.(directory)
    const { names, stats } = this.#takeListing(location)
    return names.flatMap((name, index) => {
      const node = this.#nodeOf(stats(index), `${location}/${name}`, childPath(directory, name))
      return node ? [node] : []
    })
  }

  #takeListing(location: ByteString): Listing {
    return this.#options.listed?.take(location) ?? list(location)
  }

  /** Null for a socket, which no layer can hold. */
  #nodeOf(stats: FileStats, location: ByteString, path: ByteString): TreeNode | null {
    const found = headerOf(stats, location, path, this.#options.bare)
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

function list(location: ByteString): Listing {
  try {
    return listDirectory(location)
  } catch (cause) {
    throw new InputError({ operation: 'read build context', subject: textOf(location), cause })
  }
}
