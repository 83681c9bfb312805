import { chmodSync, lstatSync, readdirSync, renameSync, type Stats } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Entry } from '../diff/entry.js'
import { readHeader } from '../diff/read-header.js'
import type { ByteString } from '../streams/bytes.js'
import { applyMetadata } from './metadata.js'
import type { Omissions } from './omissions.js'
import { type OpenDirectory, openDirectory, type Path } from './open-directory.js'
import { removeTree } from './remove-tree.js'
import { temporaryName } from './temporary-name.js'
import { isRoot } from './user.js'

export interface MergeRules {
  /** Decides about a path that both trees have, unless both have a directory there. May throw. */
  replaces(path: ByteString, from: Path, to: Path): boolean
  /** Whether something that only the target has goes away. */
  removes(path: ByteString): boolean
  readonly omissions: Omissions
}

/**
 * Moves what is in the directory `from` into the directory `to` on the same file system. What is there already is
 * replaced in one step (but a directory by something else, or the other way round, in two), or stays; directories are
 * merged and get the metadata of those moved in. Links in `to` are never followed: one in the way of a directory is
 * replaced by it.
 */
export function mergeTree(from: Path, to: Path, rules: MergeRules): Promise<void> {
  return new Merge(rules).merge(from, to, '')
}

/** Two directories that are being merged. */
interface Pair {
  readonly source: OpenDirectory
  readonly target: OpenDirectory
  /** What the paths of their children begin with. */
  readonly prefix: ByteString
}

class Merge {
  readonly #rules: MergeRules

  constructor(rules: MergeRules) {
    this.#rules = rules
  }

  /** @param wanted the metadata that the target gets when its contents are complete */
  async merge(from: Path, to: Path, prefix: ByteString, wanted?: Entry): Promise<void> {
    const opened: OpenDirectory[] = []
    const open = (path: Path): OpenDirectory => {
      const directory = openDirectory(path)
      opened.push(directory)
      return directory
    }
    try {
      const pair = { source: open(from), target: open(to), prefix }
      await this.#contents(pair)
      if (wanted) applyMetadata(pair.target.descriptor, pair.target, '.', wanted, this.#rules.omissions)
    } finally {
      for (const directory of opened) directory.close()
    }
  }

  async #contents(pair: Pair): Promise<void> {
    await setImmediate() // the rest is synchronous: between directories others have their turn
    const names = new Set(readdirSync(pair.source.at('.'), 'latin1'))
    for (const name of names) await this.#name(pair, name)
    for (const name of readdirSync(pair.target.at('.'), 'latin1')) {
      if (!names.has(name) && this.#rules.removes(pair.prefix + name)) removeTree(pair.target.at(name))
    }
  }

  async #name({ source, target, prefix }: Pair, name: ByteString): Promise<void> {
    const [from, to] = [source.at(name), target.at(name)]
    const { entry } = readHeader(source.locate(name), name)
    const found = lstatSync(to, { throwIfNoEntry: false })
    const isDirectory = entry?.type === 'directory'
    if (isDirectory && found?.isDirectory()) {
      if (!isRoot()) for (const each of [from, to]) chmodSync(each, 0o700)
      return this.merge(from, to, `${prefix}${name}/`, entry)
    }
    if (found && !this.#rules.replaces(prefix + name, from, to)) return
    const move = () => (isDirectory ? moveDirectory(from, to, entry.mode) : renameSync(from, to))
    if (found && (isDirectory || found.isDirectory())) exchange(to, found, source.at(temporaryName()), move)
    else move()
  }
}

/**
 * Puts aside what is at `path` while `move` puts something else there that can't replace it at once; it comes back if
 * that fails. Where `aside` is, it goes with what is left of an export that was killed.
 */
function exchange(path: Path, found: Stats, aside: Path, move: () => void): void {
  const put = (from: Path, to: Path) => {
    if (found.isDirectory()) moveDirectory(from, to, found.mode & PERMISSIONS)
    else renameSync(from, to)
  }
  put(path, aside)
  try {
    move()
  } catch (error) {
    put(aside, path)
    throw error
  }
  removeTree(aside)
}

const PERMISSIONS = 0o7777

/** A directory changes its `..` when it moves, for which its owner needs the permission to write in it. */
function moveDirectory(from: Path, to: Path, mode: number): void {
  if (!isRoot()) chmodSync(from, mode | 0o700)
  renameSync(from, to)
  if (!isRoot()) chmodSync(to, mode)
}
