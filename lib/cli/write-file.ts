import { writeDocument } from '../blob/write-document.js'

/** Writes a text that is complete or absent. */
export function writeFile(path: string, text: string): Promise<void> {
  return writeDocument(path, Buffer.from(text), null)
}
