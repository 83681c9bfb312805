/** Remembers uploads that were begun, so that another run can go on with them. Keys are free text. */
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
