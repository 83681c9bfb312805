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

/** The journal of a run: by default it remembers nothing. */
export const uploadJournal = createResource<UploadJournal>('upload journal', () => noJournal)
