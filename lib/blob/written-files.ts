import { utimes } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { WrittenFiles } from '../stages/written-files.js'
import { fingerprint } from './fingerprint.js'
import type { Records } from './records.js'

/** A kind of record: of each file, what it holds and what it looked like when it was written. */
const KIND = 'written'

/** Remembers in the records of a store what files hold. */
export function createWrittenFiles(records: Records): WrittenFiles {
  const note = async (path: string, contents: string): Promise<void> => {
    const state = await fingerprint(path)
    if (state !== null) await records.put(KIND, resolve(path), { contents, state }).catch(() => {})
  }
  return {
    note,
    async holds(path, contents) {
      const [noted, state] = await Promise.all([records.get(KIND, resolve(path)), fingerprint(path)])
      return isWritten(noted) && state !== null && noted.state === state && noted.contents === contents
    },
    async renew(path, contents) {
      const now = new Date()
      await utimes(path, now, now).catch(() => {}) // who may not do that has nobody who looks at the time
      await note(path, contents)
    }
  }
}

function isWritten(value: unknown): value is { readonly contents: unknown; readonly state: unknown } {
  return typeof value === 'object' && value !== null && 'contents' in value && 'state' in value
}
