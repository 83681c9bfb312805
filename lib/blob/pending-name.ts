import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../save/remove-tree.js'
import { type OwnerState, ownerPattern, ownOwner, stateOf } from './owner.js'

/** Long enough for any export, so that what another host stopped writing to this long ago is nobody's any more. */
const ABANDONED_AFTER = 7 * 24 * 60 * 60 * 1000

const pendingName = new RegExp(`^\\.layerpipe-(${ownerPattern})-[0-9a-f]{12}$`)

/** A name for something not complete yet: no other process picks it, and a later one can tell whose it is. */
export function createPendingName(): string {
  return `.layerpipe-${ownOwner()}-${randomBytes(6).toString('hex')}`
}

/** Whether a name is that of something not complete yet, of whatever process. */
export function isPendingName(name: string): boolean {
  return pendingName.test(name)
}

/** Removes from a directory what processes that are gone left unfinished there, so far as it is this user's to remove. */
export async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = pendingName.exec(name)?.[1]
    const path = join(directory, name)
    if (owner && (await isLeftover(stateOf(owner), path))) removeIfAllowed(path)
  }
}

function removeIfAllowed(path: string): void {
  try {
    removeTree(path)
  } catch {
    // another user's, or removed by another process meanwhile
  }
}

async function isLeftover(state: OwnerState, path: string): Promise<boolean> {
  if (state !== 'elsewhere') return state === 'dead'
  const found = await stat(path).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER
}
