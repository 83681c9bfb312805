import type { ByteString } from '../streams/bytes.js'
import { type Change, compareSnapshots } from './compare.js'
import { createEntry, type Entry, parentOf } from './entry.js'
import type { ComparedXattrs } from './same.js'
import type { Snapshot } from './snapshot.js'

/**
 * The entries of the layer that turns `lower` into `upper`, in walk order, headers only.
 *
 * A deletion is a whiteout where the path would stand; a directory that is as it was is listed once if something
 * below it is; of a set of hard links of which one is new, the others follow it as links to it, as containerd has it,
 * because a layer's link must not point into a layer below.
 */
export async function* changedEntries(
  lower: Snapshot,
  upper: Snapshot,
  xattrs: ComparedXattrs = 'capability'
): AsyncGenerator<readonly Entry[]> {
  const selection = new Selection()
  for await (const changes of compareSnapshots(lower, upper, xattrs)) {
    for (const change of changes) selection.add(change)
    const selected = selection.take()
    if (selected.length > 0) yield selected
  }
}

class Selection {
  #selected: Entry[] = []
  /** Unmodified directories that lead to where the walk is, outermost first, not listed yet. */
  #ancestors: Entry[] = []
  /** Unmodified entries that are neither directories nor links, to which a new link may turn out to point. */
  readonly #unmodified = new Map<ByteString, Entry>()
  /** Unmodified links, by the path that they share their inode with. */
  readonly #links = new Map<ByteString, Entry[]>()
  /** Where the contents of an inode stand in this layer, by the first path of the inode. */
  readonly #moved = new Map<ByteString, ByteString>()

  take(): readonly Entry[] {
    const selected = this.#selected
    this.#selected = []
    return selected
  }

  add({ kind, entry }: Change): void {
    if (kind === 'unmodified') return this.#keep(entry)
    if (kind === 'deleted') return this.#list(createEntry({ path: entry.path, type: 'whiteout' }))
    if (entry.type === 'hardlink') return this.#addLink(entry)
    this.#list(entry)
    if (entry.type !== 'directory') this.#moved.set(entry.path, entry.path)
  }

  #keep(entry: Entry): void {
    if (entry.type === 'directory') {
      this.#leaveTo(entry.path)
      this.#ancestors.push(entry)
    } else if (entry.type === 'hardlink') {
      const moved = this.#moved.get(entry.link)
      if (moved !== undefined) this.#list({ ...entry, link: moved })
      else this.#links.set(entry.link, [...(this.#links.get(entry.link) ?? []), entry])
    } else this.#unmodified.set(entry.path, entry)
  }

  #addLink(entry: Entry): void {
    const moved = this.#moved.get(entry.link)
    const first = this.#unmodified.get(entry.link)
    if (moved !== undefined || first === undefined) return this.#list({ ...entry, link: moved ?? entry.link })
    this.#list({ ...first, path: entry.path })
    this.#moved.set(entry.link, entry.path)
    for (const other of [first, ...(this.#links.get(entry.link) ?? [])]) {
      this.#list({ ...other, type: 'hardlink', link: entry.path, size: 0 })
    }
  }

  #list(entry: Entry): void {
    this.#leaveTo(entry.path)
    this.#selected.push(...this.#ancestors, entry)
    this.#ancestors = []
  }

  #leaveTo(path: ByteString): void {
    while (this.#ancestors.length > 0) {
      const innermost = this.#ancestors.at(-1)
      if (innermost && `${parentOf(path)}/`.startsWith(`${innermost.path}/`)) return
      this.#ancestors.pop()
    }
  }
}
