import { parentOf } from '../diff/entry.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { createTurns, type Turns } from '../streams/turns.js'
import type { IgnoreMatcher, ParentMatch } from './ignore.js'
import { resolvePath } from './resolve-path.js'
import { childPath, isDirectory, type Tree, type TreeNode } from './tree.js'
import type { TreeWriter } from './writer.js'

/** What of a directory is copied: what `include` matches (all, where it is null), without what `exclude` matches. */
export interface CopyFilter {
  readonly include: IgnoreMatcher | null
  readonly exclude: IgnoreMatcher | null
}

export interface CopyOptions {
  readonly filter: CopyFilter
  readonly signal: AbortSignal
}

/** Where one source goes. */
export interface CopyTarget {
  /** In the image, links not followed yet. */
  readonly path: ByteString
  /** Whether it was written with a slash at its end. */
  readonly directory: boolean
  readonly circular: (path: ByteString) => Error
}

/**
 * Copies what stands at `path` of `source`, as BuildKit does: a directory's contents go into the destination, which is
 * made 0755 where it is missing; anything else goes into a destination that is a directory, or takes its name.
 * `name` is the last component as it was written, before links were followed. Rejects with the reason of a signal that
 * aborts.
 */
export async function copyPath(
  source: Tree,
  path: ByteString,
  name: ByteString,
  target: CopyTarget,
  writer: TreeWriter,
  { filter, signal }: CopyOptions
): Promise<void> {
  writer.beginSource()
  const follow = { circular: target.circular }
  const ensured = target.directory ? target.path : parentOf(target.path)
  writer.makeDirectories(resolvePath(writer.target, ensured, follow))
  const destination = resolvePath(writer.target, target.path, follow)
  const node = source.get(path)
  if (path === '' || node?.entry.type === 'directory') {
    writer.makeDirectories(destination)
    writer.keep(destination)
    await copyBelow(source, path, destination, writer, {
      selection: createSelection(filter),
      turns: createTurns(signal)
    })
  } else if (node) {
    const inside = isDirectory(writer.target, destination)
    if (!inside) writer.makeDirectories(parentOf(destination))
    const excluded = filter.exclude?.match(textOf(name), []).excluded ?? false
    if (!excluded) writer.write(inside ? childPath(destination, name) : destination, node)
  }
}

/** Decides on the way down, for paths relative to where the copy began. */
interface Selection {
  readonly includes: boolean
  enter(path: ByteString): Selection | null
}

const everything: Selection = { includes: true, enter: () => everything }

function createSelection(
  { include, exclude }: CopyFilter,
  included: ParentMatch = [],
  excluded: ParentMatch = []
): Selection {
  if (include === null && exclude === null) return everything
  return {
    includes: include === null,
    enter(bytes) {
      const path = textOf(bytes)
      const wanted = include?.match(path, included)
      const unwanted = exclude?.match(path, excluded)
      if (unwanted?.excluded && !exclude?.reaches(path)) return null
      const below = createSelection({ include, exclude }, wanted?.match, unwanted?.match)
      return { ...below, includes: (wanted?.excluded ?? true) && !unwanted?.excluded }
    }
  }
}

async function copyBelow(
  source: Tree,
  from: ByteString,
  to: ByteString,
  writer: TreeWriter,
  { selection, turns }: { readonly selection: Selection; readonly turns: Turns }
): Promise<void> {
  const pending = new PendingDirectories(writer)
  const visit = async (directory: ByteString, relative: ByteString, inside: Selection): Promise<void> => {
    for (const name of source.names(directory)) {
      if (turns.isDue()) await turns.give()
      const path = childPath(directory, name)
      const below = childPath(relative, name)
      const node = source.get(path)
      const selected = node && inside.enter(below)
      if (!node || !selected) continue
      const target = childPath(to, below)
      const isDirectory = node.entry.type === 'directory'
      if (selected.includes) pending.write(target, node)
      if (!isDirectory) continue
      if (!selected.includes) pending.push(target, node)
      await visit(path, below, selected)
      if (!selected.includes) pending.pop(target)
    }
  }
  await visit(from, '', selection)
}

/** Directories that are only written once something below them is: those that lead to what a filter includes. */
class PendingDirectories {
  readonly #writer: TreeWriter
  readonly #directories: (readonly [ByteString, TreeNode])[] = []

  constructor(writer: TreeWriter) {
    this.#writer = writer
  }

  push(path: ByteString, node: TreeNode): void {
    this.#directories.push([path, node])
  }

  /** Forgets a directory that nothing was written below. */
  pop(path: ByteString): void {
    const last = this.#directories.at(-1)
    if (last?.[0] === path) this.#directories.pop()
  }

  write(path: ByteString, node: TreeNode): void {
    for (const [target, directory] of this.#directories.splice(0)) {
      if (!isDirectory(this.#writer.target, target)) this.#writer.write(target, directory)
    }
    this.#writer.write(path, node)
  }
}
