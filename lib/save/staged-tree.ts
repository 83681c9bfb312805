import { mkdirSync, renameSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checkDestination } from '../blob/check-destination.js'
import { makeDirectory } from '../blob/make-directory.js'
import { outputProblem } from '../blob/output-problem.js'
import { createPendingName, isPendingName, removeLeftovers } from '../blob/pending-name.js'
import { codeOf } from '../errors.js'
import { mergeTree } from './merge-tree.js'
import type { Omissions } from './omissions.js'
import { removeTree } from './remove-tree.js'

/** A tree that is being written where nobody sees it as a result, on the file system of its destination. */
export interface StagedTree {
  /** The directory to fill. */
  readonly path: string
  /** Makes the tree, or what it adds to a directory that is there, visible. */
  commit(): Promise<void>
  /** Removes what is left of it; to be called in any case. */
  abandon(): void
}

export interface StagedTreeOptions {
  readonly destination: string
  /** Whether what the result does not have goes away from a directory that is there. */
  readonly removes: boolean
  readonly omissions: Omissions
}

/**
 * Starts a tree: beside a destination that does not exist, which then appears in one step, or inside one that does,
 * into which it is merged. Parents of the destination are made. What dead processes left is removed.
 *
 * @throws OutputError if the destination can't be written
 */
export async function createStagedTree(options: StagedTreeOptions): Promise<StagedTree> {
  const { destination } = options
  await checkDestination(destination, 'directory')
  try {
    const existing = await realpath(destination).catch(() => null)
    const target = existing ?? resolve(destination)
    const parent = existing ?? dirname(target)
    await makeDirectory(parent)
    await removeLeftovers(parent)
    const path = join(parent, createPendingName())
    mkdirSync(path)
    return new Staged(path, target, options)
  } catch (error) {
    throw outputProblem('create directory', destination, error)
  }
}

class Staged implements StagedTree {
  readonly path: string
  readonly #target: string
  readonly #options: StagedTreeOptions

  constructor(path: string, target: string, options: StagedTreeOptions) {
    this.path = path
    this.#target = target
    this.#options = options
  }

  async commit(): Promise<void> {
    try {
      if (!this.#appear()) await this.#merge()
    } catch (error) {
      throw outputProblem('write', this.#options.destination, error)
    }
  }

  abandon(): void {
    removeTree(this.path)
  }

  /** False where a directory is in the way, perhaps since a moment ago. */
  #appear(): boolean {
    if (dirname(this.path) === this.#target) return false
    try {
      renameSync(this.path, this.#target)
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
      throw error
    }
  }

  #merge(): Promise<void> {
    const { removes, omissions } = this.#options
    return mergeTree(this.path, this.#target, {
      replaces: () => true,
      removes: (path) => removes && !isPendingName(path),
      omissions
    })
  }
}
