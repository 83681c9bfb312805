import { mkdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checkDestination } from './check-destination.js'
import { codeOf, outputProblem } from './output-problem.js'
import { createPendingName, removeLeftovers } from './pending-name.js'
import { syncDirectory } from './sync-directory.js'

/** A directory that is being filled beside its destination, which stays as it is until `commit`. */
export interface PendingDirectory {
  readonly destination: string
  /** The directory to fill. */
  readonly path: string
  /** Puts the directory in the place of whatever directory is at the destination. */
  commit(): Promise<void>
  /** Removes what was written. Can be called at any time, any number of times; after `commit` it does nothing. */
  abandon(): Promise<void>
}

/**
 * Starts a directory that will be complete or absent. Parents of the destination are made, and what dead processes
 * left there is removed. A link at the destination is followed.
 *
 * POSIX replaces nothing but an empty directory in one step: a destination that has entries is moved aside first, and
 * moved back if the next step fails.
 *
 * @throws OutputError if the destination can't be written
 */
export async function createPendingDirectory(destination: string): Promise<PendingDirectory> {
  await checkDestination(destination, 'directory')
  try {
    const target = await realpath(destination).catch(() => resolve(destination))
    await mkdir(dirname(target), { recursive: true })
    await removeLeftovers(dirname(target))
    const path = join(dirname(target), createPendingName())
    await mkdir(path)
    return new ReplacingDirectory(destination, target, path)
  } catch (error) {
    throw outputProblem('create directory', destination, error)
  }
}

class ReplacingDirectory implements PendingDirectory {
  readonly destination: string
  readonly path: string
  readonly #target: string
  #committed = false

  constructor(destination: string, target: string, path: string) {
    this.destination = destination
    this.path = path
    this.#target = target
  }

  async commit(): Promise<void> {
    try {
      await syncDirectory(this.path)
      const replaced = await moveInto(this.path, this.#target)
      this.#committed = true
      await syncDirectory(dirname(this.#target))
      if (replaced) await rm(replaced, { recursive: true, force: true })
    } catch (error) {
      throw outputProblem('write', this.destination, error)
    }
  }

  async abandon(): Promise<void> {
    if (!this.#committed) await rm(this.path, { recursive: true, force: true })
  }
}

/** Gives the path where the directory that was replaced is now, or null if nothing had to be moved. */
async function moveInto(path: string, target: string): Promise<string | null> {
  try {
    await rename(path, target)
    return null
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  }
  const aside = join(dirname(target), createPendingName())
  await rename(target, aside)
  try {
    await rename(path, target)
  } catch (error) {
    await rename(aside, target)
    throw error
  }
  return aside
}
