import { comparePaths, type Entry, type EntryType, type Xattrs } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { createTextTable, type TextTable } from './text-table.js'
import type { Origin, TreeBody, TreeNode } from './tree.js'

/** Nodes in walk order, held in a few buffers: as objects a hundred thousand of them would take three times as much. */
export interface PackedNodes {
  readonly count: number
  /** The node as it was. */
  node(index: number): TreeNode
  entry(index: number): Entry
  body(index: number): TreeBody | null
  /** Equal for the paths of one inode; 0 where there is only one path. */
  inode(index: number): number
  /** Where a path is; -1 where it is not. Fastest for the one that follows the last that was found. */
  find(path: ByteString): number
}

export function packNodes(nodes: readonly TreeNode[]): PackedNodes {
  return new Columns(nodes)
}

const TYPES: readonly EntryType[] = [
  ...(['file', 'directory', 'symlink', 'hardlink'] as const),
  ...(['character-device', 'block-device', 'fifo', 'whiteout', 'opaque'] as const)
]

/** Texts of a node: its path, its link, its body's path, its body's identity and its entry's. */
const TEXTS = 5

/** Whole numbers of a node, below 2^32. */
const [MODE, UID, GID, NANOSECONDS, MAJOR, MINOR, TYPE, ORIGIN, INODE, KNOWN, WORDS] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
]

/** Bits of KNOWN: which identities there are, and what is the same for entry and body, and then not kept twice. */
const [BODY_IDENTITY, ENTRY_IDENTITY, SAME_IDENTITY, SAME_PATH] = [1, 2, 4, 8]

class Columns implements PackedNodes {
  readonly count: number
  readonly #texts: TextTable
  readonly #words: Uint32Array
  /** Size and mtime of each. */
  readonly #wide: Float64Array
  readonly #xattrs = new Map<number, Xattrs>()
  readonly #origins: Origin[] = []
  readonly #inodes = new Map<object, number>()
  readonly #inodeObjects: object[] = []
  #last = -1

  constructor(nodes: readonly TreeNode[]) {
    this.count = nodes.length
    this.#texts = createTextTable(nodes.length, TEXTS, (row, column) => {
      const node = nodes[row]
      return node ? textOf(node, column) : ''
    })
    this.#words = new Uint32Array(nodes.length * WORDS)
    this.#wide = new Float64Array(nodes.length * 2)
    nodes.forEach((node, index) => {
      this.#pack(index, node)
    })
  }

  node(index: number): TreeNode {
    const inode = this.#inodeObjects[this.inode(index) - 1] ?? null
    return { entry: this.entry(index), body: this.body(index), inode }
  }

  entry(index: number): Entry {
    const known = this.#word(index, KNOWN)
    return {
      path: this.#texts.get(index, 0),
      type: TYPES[this.#word(index, TYPE)] ?? 'file',
      mode: this.#word(index, MODE),
      uid: this.#word(index, UID),
      gid: this.#word(index, GID),
      size: this.#wide[index * 2] ?? 0,
      mtime: this.#wide[index * 2 + 1] ?? 0,
      nanoseconds: this.#word(index, NANOSECONDS),
      link: this.#texts.get(index, 1),
      major: this.#word(index, MAJOR),
      minor: this.#word(index, MINOR),
      xattrs: this.#xattrs.get(index) ?? null,
      identity: (known & ENTRY_IDENTITY) === 0 ? null : this.#texts.get(index, (known & SAME_IDENTITY) === 0 ? 4 : 3)
    }
  }

  body(index: number): TreeBody | null {
    return this.#word(index, ORIGIN) === 0 ? null : new PackedBody(this, index)
  }

  origin(index: number): Origin {
    const origin = this.#origins[this.#word(index, ORIGIN) - 1]
    if (!origin) throw new TypeError('a node without a body')
    return origin
  }

  bodyPath(index: number): ByteString {
    return this.#texts.get(index, (this.#word(index, KNOWN) & SAME_PATH) === 0 ? 2 : 0)
  }

  bodyIdentity(index: number): string | null {
    return (this.#word(index, KNOWN) & BODY_IDENTITY) === 0 ? null : this.#texts.get(index, 3)
  }

  inode(index: number): number {
    return this.#word(index, INODE)
  }

  find(path: ByteString): number {
    for (const near of [this.#last, this.#last + 1])
      if (near >= 0 && near < this.count && this.#texts.get(near, 0) === path) return (this.#last = near)
    let [low, high] = [0, this.count]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (comparePaths(this.#texts.get(middle, 0), path) < 0) low = middle + 1
      else high = middle
    }
    if (low === this.count || this.#texts.get(low, 0) !== path) return -1
    this.#last = low
    return low
  }

  #pack(index: number, node: TreeNode): void {
    const { entry, body, inode } = node
    const words = this.#words
    const at = index * WORDS
    words[at + MODE] = entry.mode
    words[at + UID] = entry.uid
    words[at + GID] = entry.gid
    words[at + NANOSECONDS] = entry.nanoseconds
    words[at + MAJOR] = entry.major
    words[at + MINOR] = entry.minor
    words[at + TYPE] = TYPES.indexOf(entry.type)
    words[at + ORIGIN] = body === null ? 0 : this.#originOf(body.origin)
    words[at + INODE] = this.#inodeOf(inode)
    words[at + KNOWN] = knownOf(node)
    this.#wide[index * 2] = entry.size
    this.#wide[index * 2 + 1] = entry.mtime
    if (entry.xattrs) this.#xattrs.set(index, entry.xattrs)
  }

  /** From 1 on. */
  #originOf(origin: Origin): number {
    const known = this.#origins.lastIndexOf(origin)
    return known < 0 ? this.#origins.push(origin) : known + 1
  }

  #inodeOf(inode: object | null): number {
    if (inode === null) return 0
    const known = this.#inodes.get(inode) ?? this.#inodeObjects.push(inode)
    this.#inodes.set(inode, known)
    return known
  }

  #word(index: number, field: number): number {
    return this.#words[index * WORDS + field] ?? 0
  }
}

/** A body that makes its texts when they are asked for: whoever copies nodes holds on to it for long. */
class PackedBody implements TreeBody {
  readonly #columns: Columns
  readonly #index: number

  constructor(columns: Columns, index: number) {
    this.#columns = columns
    this.#index = index
  }

  get origin(): Origin {
    return this.#columns.origin(this.#index)
  }

  get path(): ByteString {
    return this.#columns.bodyPath(this.#index)
  }

  get identity(): string | null {
    return this.#columns.bodyIdentity(this.#index)
  }
}

/** One of a node's texts; empty where there is none, or where it is another one's as well. */
function textOf({ entry, body }: TreeNode, text: number): ByteString {
  switch (text) {
    case 0:
      return entry.path
    case 1:
      return entry.link
    case 2:
      return body === null || body.path === entry.path ? '' : body.path
    case 3:
      return body?.identity ?? ''
    default:
      return entry.identity === (body?.identity ?? null) ? '' : (entry.identity ?? '')
  }
}

function knownOf({ entry, body }: TreeNode): number {
  const bodyIdentity = body?.identity ?? null
  const same = bodyIdentity !== null && entry.identity === bodyIdentity
  return (
    (bodyIdentity === null ? 0 : BODY_IDENTITY) |
    (entry.identity === null ? 0 : ENTRY_IDENTITY) |
    (same ? SAME_IDENTITY : 0) |
    (body?.path === entry.path ? SAME_PATH : 0)
  )
}
