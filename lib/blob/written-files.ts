import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { WrittenFiles } from '../stages/written-files.js'
import { fingerprint, fingerprintOf } from './fingerprint.js'
import type { Records } from './records.js'

/** A kind of record: of each file, what it holds and what it looked like when it was written. */
const KIND = 'written'

/** Remembers in the records of a store what files hold. */
export function createWrittenFiles(records: Records): WrittenFiles {
  const isNoted = async (path: string, contents: string, state: string | null): Promise<boolean> => {
    const noted = await records.get(KIND, resolve(path))
    return isWritten(noted) && state !== null && noted.state === state && noted.contents === contents
  }
  const note = (path: string, contents: string, state: string): Promise<void> =>
    records.put(KIND, resolve(path), { contents, state }).catch(() => {})
  return {
    note,
    holds: async (path, contents) => isNoted(path, contents, await fingerprint(path)),
    async renew(path, contents) {
      // Who may not touch the file has nobody who looks at the time.
      const state = await touch(path, (found) => isNoted(path, contents, found)).catch(() => null)
      if (state !== null) await note(path, contents, state)
    }
  }
}

/** Gives a file the time of now if it is the right one, whatever its path leads to meanwhile. Gives its fingerprint. */
async function touch(path: string, isRight: (state: string | null) => Promise<boolean>): Promise<string | null> {
  const file = await open(path, 'r')
  try {
    if (!(await isRight(fingerprintOf(await file.stat({ bigint: true }))))) return null
    const now = new Date()
    await file.utimes(now, now)
    return fingerprintOf(await file.stat({ bigint: true }))
  } finally {
    await file.close()
  }
}

function isWritten(value: unknown): value is { readonly contents: unknown; readonly state: unknown } {
  return typeof value === 'object' && value !== null && 'contents' in value && 'state' in value
}
