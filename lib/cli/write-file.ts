import { writeDocument } from '../blob/write-document.js'

/** Writes a text that is complete or absent; the signal ends the wait for who reads a pipe. */
export function writeFile(path: string, text: string, signal?: AbortSignal): Promise<void> {
  return writeDocument(path, Buffer.from(text), null, { ...(signal && { signal }) })
}
