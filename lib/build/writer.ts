import { createEntry, type Entry, parentOf } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import type { ModeChange } from './mode.js'
import type { Overlay } from './overlay.js'
import { isDirectory, type TreeNode } from './tree.js'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** How a step writes: null leaves what the source has. */
export interface WriteOptions {
  readonly owner: Owner | null
  readonly mode: ModeChange | null
  /** Seconds that every time is set to: SOURCE_DATE_EPOCH. */
  readonly epoch: number | null
  /** The time of what the step makes itself, where there is neither an epoch nor anything newer that it copies. */
  readonly fallback: number
}

/**
 * Writes into a step's overlay. Directories that are copies keep the time of what they are copies of. Those that a step
 * makes or puts something into by itself get the time of the step: the epoch, else the newest time of what it wrote;
 * never the clock's, which BuildKit gives them.
 */
export interface TreeWriter {
  readonly target: Overlay
  /** Says that another source follows: what it has to do with those before is forgotten, so no links go between them. */
  beginSource(): void
  /** Lets a directory that is there keep its time, until the next source, whatever is put into it. */
  keep(path: ByteString): void
  /** Puts a copy of `node` at `path`. Fails where a directory would take the place of something else, or vice versa. */
  write(path: ByteString, node: TreeNode): void
  /** The same, but whatever is in the way goes. */
  replace(path: ByteString, node: TreeNode): void
  /** Makes a directory and those above it where they are missing, 0755. Fails where something else is in the way. */
  makeDirectories(path: ByteString): void
  /** Sets the times that depend on all that was written. Call it once, at the end. */
  finish(): void
}

/** `blocked` makes the error for a path that is in the way. */
export function createTreeWriter(
  target: Overlay,
  options: WriteOptions,
  blocked: (path: ByteString, expected: string) => Error
): TreeWriter {
  return new StepWriter(target, options, blocked)
}

class StepWriter implements TreeWriter {
  readonly target: Overlay
  readonly #options: WriteOptions
  readonly #blocked: (path: ByteString, expected: string) => Error
  readonly #touched = new Set<ByteString>()
  #kept = new Set<ByteString>()
  #inodes = new Map<object, object>()
  #newest = Number.NEGATIVE_INFINITY

  constructor(target: Overlay, options: WriteOptions, blocked: (path: ByteString, expected: string) => Error) {
    this.target = target
    this.#options = options
    this.#blocked = blocked
  }

  beginSource(): void {
    this.#inodes = new Map()
    this.#kept = new Set()
  }

  keep(path: ByteString): void {
    this.#kept.add(path)
  }

  write(path: ByteString, node: TreeNode): void {
    const before = this.target.get(path)
    const isDirectory = node.entry.type === 'directory'
    if (before && (before.entry.type === 'directory') !== isDirectory) {
      throw this.#blocked(path, isDirectory ? 'a directory, or nothing there' : 'anything but a directory there')
    }
    if (!before) this.#touch(parentOf(path))
    this.#newest = Math.max(this.#newest, node.entry.mtime)
    this.#touched.delete(path)
    if (isDirectory) this.#kept.add(path)
    const inode = node.inode === null ? null : this.#inodeFor(node.inode)
    this.target.set({ entry: this.#adjust(path, node.entry), body: node.body, inode })
  }

  replace(path: ByteString, node: TreeNode): void {
    const before = this.target.get(path)
    const isDirectory = node.entry.type === 'directory'
    if (before && (before.entry.type === 'directory') !== isDirectory) this.target.remove(path)
    this.write(path, node)
  }

  makeDirectories(path: ByteString): void {
    if (path === '' || isDirectory(this.target, path)) return
    if (this.target.get(path)) throw this.#blocked(path, 'a directory')
    this.makeDirectories(parentOf(path))
    const { owner } = this.#options
    const entry = createEntry({ path, type: 'directory', mode: 0o755, uid: owner?.uid ?? 0, gid: owner?.gid ?? 0 })
    this.target.set({ entry, body: null, inode: null })
    this.#touch(parentOf(path))
    this.#touched.add(path)
  }

  finish(): void {
    const { epoch, fallback } = this.#options
    const newest = Number.isFinite(this.#newest) ? this.#newest : fallback
    for (const path of this.#touched) {
      const node = this.target.get(path)
      if (!node) continue
      const time = epoch ?? Math.max(newest, node.entry.mtime)
      if (epoch === null && time === node.entry.mtime) continue
      this.target.set({ ...node, entry: { ...node.entry, mtime: time, nanoseconds: 0 } })
    }
  }

  #adjust(path: ByteString, entry: Entry): Entry {
    const { owner, mode, epoch } = this.#options
    if (path === entry.path && owner === null && mode === null && epoch === null) return entry
    const changes = mode !== null && entry.type !== 'symlink'
    return {
      ...entry,
      path,
      uid: owner?.uid ?? entry.uid,
      gid: owner?.gid ?? entry.gid,
      mode: changes ? mode(entry.mode, entry.type === 'directory') : entry.mode,
      mtime: epoch ?? entry.mtime,
      nanoseconds: epoch === null ? entry.nanoseconds : 0
    }
  }

  /** Notes that a directory got a new name. */
  #touch(path: ByteString): void {
    if (path !== '' && !this.#kept.has(path)) this.#touched.add(path)
  }

  /** Paths of one inode in the source share one in the copy. */
  #inodeFor(inode: object): object {
    const own = this.#inodes.get(inode) ?? {}
    this.#inodes.set(inode, own)
    return own
  }
}
