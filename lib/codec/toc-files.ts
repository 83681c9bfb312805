import type { Digest } from '../blob/digest.js'
import type { Entry } from '../diff/entry.js'
import type { Member } from './toc-members.js'

/** Where a chunk of a file lies. */
export interface TocChunk {
  /** Bytes of the file before it. */
  readonly start: number
  readonly size: number
  readonly digest: Digest
  /** Where its member begins and ends in the blob. */
  readonly offset: number
  readonly end: number
}

/** What a table of contents knows of a file besides its entry. */
export interface TocContents {
  readonly digest: Digest
  /** At least one. */
  readonly chunks: readonly TocChunk[]
}

/** Takes one entry of a table of contents; `contents` is null for everything but a file that is not empty. */
export type TocRecorder = (entry: Entry, contents: TocContents | null) => void

/** Takes each member with its place in the blob, and tells the recorder of every entry in the order of the tar. */
export function createTocFiles(record: TocRecorder): (member: Member, offset: number, end: number) => void {
  let chunks: TocChunk[] = []
  return ({ chunk, marks }, offset, end) => {
    if (chunk) chunks.push({ start: chunk.start, size: chunk.size, digest: chunk.digest, offset, end })
    if (chunk?.file) {
      record(chunk.entry, { digest: chunk.file, chunks })
      chunks = []
    }
    for (const { entry } of marks) if (entry.size === 0) record(entry, null)
  }
}
