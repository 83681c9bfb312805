import { InputError } from '../errors.js'
import { type ByteString, printable } from '../streams/bytes.js'
import { baseOf, type Entry, parentOf } from './entry.js'
import { createPathLimit, type PathLimit } from './path-limit.js'
import { type Inode, impliedDirectory, impliedInode, isDirectory, type TreeNode } from './tree-node.js'

export interface MergedTreeOptions {
  /** Names the layer with this number, from 0, in errors. */
  readonly nameLayer: (layer: number) => string
  /** Whether a layer may have a directory twice: the last one counts. */
  readonly mergeDirectories: boolean
  /** How many paths all layers together may have made, as of a PathLimit; more is an InputError. */
  readonly most?: number
}

/** A file system that layers are put onto, lowest first. Entries of one layer may come in any order. */
export interface MergedTree {
  readonly root: TreeNode
  /** Adds an entry of the current layer that is neither a hard link nor a whiteout. Throws InputError. */
  put(entry: Entry, offset: number): void
  /** Gives an inode a further name; false where there is none at `entry.link`. Throws InputError. */
  link(entry: Entry): boolean
  /** Deletes what lower layers have at a path and below it; with `opaque` only what is below it. Throws InputError. */
  erase(path: ByteString, opaque: boolean): void
  /** Ends the current layer. Throws InputError where an entry lies below something that is no directory. */
  endLayer(): void
  find(path: ByteString): TreeNode | undefined
}

export function createMergedTree(options: MergedTreeOptions): MergedTree {
  return new Tree(options)
}

class Tree implements MergedTree {
  readonly root: TreeNode = impliedDirectory('', 0)
  readonly #options: MergedTreeOptions
  /** Paths of what has entries below it and was no directory when they came. */
  readonly #misplaced = new Map<TreeNode, ByteString>()
  readonly #limit: PathLimit
  #layer = 0
  /** The directory of the last entry, which the next one probably shares. */
  #recent: { readonly path: ByteString; readonly node: TreeNode } = { path: '', node: this.root }

  constructor(options: MergedTreeOptions) {
    this.#options = options
    this.#limit = createPathLimit(options.most)
  }

  put(entry: Entry, offset: number): void {
    this.#place(entry.path, { entry, offset, linked: false })
  }

  link(entry: Entry): boolean {
    const target = this.find(entry.link)
    if (target === undefined) return false
    if (isDirectory(target)) throw this.#refuse(entry.path, 'a hard link to something else', 'one to a directory')
    target.inode.linked = true
    this.#place(entry.path, target.inode)
    return true
  }

  erase(path: ByteString, opaque: boolean): void {
    const node = path === '' ? this.root : this.#findChild(path)
    if (node === undefined) return
    if (opaque && !isDirectory(node)) throw this.#refuse(path, 'an opaque directory', `a ${node.inode.entry.type}`)
    if (opaque) this.#eraseBelow(node, path)
    else if (!this.#survives(node, path)) this.find(parentOf(path))?.children?.delete(baseOf(path))
  }

  endLayer(): void {
    for (const [node, path] of this.#misplaced) {
      const [below] = node.children?.keys() ?? []
      if (!isDirectory(node) && below !== undefined) throw this.#refuseBelow(node, `${path}/${below}`)
    }
    this.#misplaced.clear()
    this.#recent = { path: '', node: this.root } // its whiteouts may have erased that directory
    this.#layer += 1
  }

  find(path: ByteString): TreeNode | undefined {
    let node: TreeNode | undefined = this.root
    if (path === '') return node
    for (const name of path.split('/')) node = node?.children?.get(name)
    return node
  }

  /** As `find`, but what lies above must be directories as far as it is there. */
  #findChild(path: ByteString): TreeNode | undefined {
    let node: TreeNode | undefined = this.root
    for (const name of path.split('/')) {
      if (node && !isDirectory(node)) throw this.#refuseBelow(node, path)
      node = node?.children?.get(name)
    }
    return node
  }

  #place(path: ByteString, inode: Inode): void {
    const siblings = this.#enter(path)
    const old = siblings.get(baseOf(path))
    const becomesDirectory = inode.entry.type === 'directory'
    if (old === undefined) {
      const children = becomesDirectory ? new Map<ByteString, TreeNode>() : null
      this.#countPath(path)
      siblings.set(baseOf(path), { inode, layer: this.#layer, implied: false, children })
      return
    }
    const merges = becomesDirectory && isDirectory(old) && this.#options.mergeDirectories
    if (old.layer === this.#layer && !old.implied && !merges)
      throw this.#refuse(path, 'every path once', 'one that came before')
    if (!becomesDirectory) this.#eraseBelow(old, path)
    old.inode = inode
    old.layer = this.#layer
    old.implied = false
    if (becomesDirectory) old.children ??= new Map()
    else if (old.children?.size === 0) old.children = null
    else if (old.children) this.#misplaced.set(old, path)
  }

  /** What lies beside `path`; directories above it that are missing are made. */
  #enter(path: ByteString): Map<ByteString, TreeNode> {
    const parent = parentOf(path)
    if (parent !== this.#recent.path) this.#recent = { path: parent, node: this.#makeDirectories(parent) }
    return this.#childrenOf(this.#recent.node, parent)
  }

  #makeDirectories(path: ByteString): TreeNode {
    let node = this.root
    for (let end = 0; path !== '' && end < path.length; ) {
      const start = end === 0 ? 0 : end + 1
      const slash = path.indexOf('/', start)
      end = slash < 0 ? path.length : slash
      const children = this.#childrenOf(node, path.slice(0, Math.max(0, start - 1)))
      const name = path.slice(start, end)
      const next = children.get(name) ?? this.#implyDirectory(path.slice(0, end))
      children.set(name, next)
      node = next
    }
    return node
  }

  #implyDirectory(path: ByteString): TreeNode {
    this.#countPath(path)
    return impliedDirectory(path, this.#layer)
  }

  /** A few entries with long paths imply many directories. */
  #countPath(path: ByteString): void {
    const expected = this.#limit.exceededBy(path)
    if (expected !== null) throw this.#refuse(path, expected, 'more')
  }

  /** Its own entry may still come later in the layer and make it a directory; the end of the layer tells. */
  #childrenOf(node: TreeNode, path: ByteString): Map<ByteString, TreeNode> {
    if (!isDirectory(node)) this.#misplaced.set(node, path)
    node.children ??= new Map()
    return node.children
  }

  #eraseBelow(node: TreeNode, path: ByteString): void {
    for (const [name, child] of node.children ?? []) {
      if (!this.#survives(child, path === '' ? name : `${path}/${name}`)) node.children?.delete(name)
    }
  }

  /** Erases what lower layers put there; says whether something of the current layer is left. */
  #survives(node: TreeNode, path: ByteString): boolean {
    this.#eraseBelow(node, path)
    if (node.layer === this.#layer) return true
    if (!node.children?.size) return false
    node.inode = impliedInode(path)
    node.layer = this.#layer
    node.implied = true
    return true
  }

  #refuseBelow({ inode }: TreeNode, path: ByteString): InputError {
    return this.#refuse(path, 'a directory above it', `a ${inode.entry.type}`)
  }

  #refuse(path: ByteString, expected: string, found: string): InputError {
    const subject = `${this.#options.nameLayer(this.#layer)}, entry ${printable(path)}`
    const advice = 'build the layer anew without this entry'
    return new InputError({ operation: 'merge layers', subject, expected, found, advice })
  }
}
