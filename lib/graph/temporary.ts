import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryProblem } from '../blob/output-problem.js'
import { createPendingName, removeLeftovers } from '../blob/pending-name.js'

/** A directory for a run's spools, made at the first use. */
export interface TemporaryDirectory {
  /** A path in it that nobody else was given. */
  fresh(): Promise<string>
  remove(): Promise<void>
}

export function createTemporaryDirectory(parent: string = tmpdir()): TemporaryDirectory {
  let directory: Promise<string> | undefined
  let count = 0
  return {
    async fresh() {
      directory ??= makeIn(parent)
      count += 1
      const name = String(count) // before anything is awaited, while it is this caller's
      return join(await directory, name)
    },
    async remove() {
      const made = await directory?.catch(() => null) // whoever asked for it was told
      if (made) await rm(made, { recursive: true, force: true })
    }
  }
}

/** Nobody else's to look into. What processes that were killed left there is removed: it may be as large as images. */
async function makeIn(parent: string): Promise<string> {
  const directory = join(parent, createPendingName())
  await mkdir(directory, 0o700).catch((error: unknown) => {
    throw temporaryProblem(directory, error)
  })
  await removeLeftovers(parent)
  return directory
}
