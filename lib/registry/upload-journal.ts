import type { Records } from '../blob/records.js'
import { createResource } from '../graph/resource.js'

/** Remembers uploads that were begun, so that another run can go on with them. */
export interface UploadJournal {
  /** The Location of the upload, or null. */
  find(key: string): Promise<string | null>
  note(key: string, location: string): Promise<void>
  forget(key: string): Promise<void>
}

/** Remembers nothing. */
export const noJournal: UploadJournal = {
  find: async () => null,
  note: async () => {},
  forget: async () => {}
}

/** Keeps the journal among a store's records. What was begun longer ago than a day is not gone on with. */
export function createUploadJournal(records: Pick<Records, 'get' | 'put' | 'remove'>): UploadJournal {
  return {
    async find(key) {
      const record = await records.get(KIND, key)
      if (!Array.isArray(record)) return null
      const [location, begun] = record
      return typeof location === 'string' && typeof begun === 'number' && Date.now() - begun < DAY ? location : null
    },
    note: (key, location) => records.put(KIND, key, [location, Date.now()]),
    forget: (key) => records.remove(KIND, key)
  }
}

const KIND = 'uploads'
/** Milliseconds. Registries throw away what nobody comes back to, most of them after a day. */
const DAY = 24 * 60 * 60 * 1000

/** The journal of a run: by default it remembers nothing. */
export const uploadJournal = createResource<UploadJournal>('upload journal', () => noJournal)
