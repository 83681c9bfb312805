import { chain } from '../streams/body.js'
import { countBytes } from '../streams/count.js'
import type { Blob } from './blob.js'

/** The same blob; `onBytes` is told of the bytes that its readers get. */
export function countBlob(blob: Blob, onBytes: (bytes: number) => void): Blob {
  return { ...blob, open: (range, reader) => chain(blob.open(range, reader), [countBytes(onBytes)]) }
}
