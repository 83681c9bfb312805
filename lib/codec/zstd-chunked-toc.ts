import type { Entry } from '../diff/entry.js'
import { formatTime } from '../image/time.js'
import { tocFields } from './toc-fields.js'
import type { TocChunk, TocContents } from './toc-files.js'

/**
 * The records of an entry in the manifest of a zstd:chunked layer (containers/storage, pkg/chunked/internal/minimal,
 * FileMetadata): one, or one for each chunk.
 */
export function zstdChunkedRecords(entry: Entry, contents: TocContents | null): readonly object[] {
  const fields = { ...tocFields(entry), modtime: modtimeOf(entry) }
  if (contents === null) return [fields]
  const { digest, chunks } = contents
  return chunks.map((chunk, index) => {
    const place = { offset: chunk.offset, endOffset: chunk.end, ...(chunks.length > 1 && chunkFields(chunk)) }
    return index === 0 ? { ...fields, digest, ...place } : { type: 'chunk', name: fields.name, ...place }
  })
}

function chunkFields({ start, size, digest }: TocChunk): object {
  return { chunkSize: size, chunkOffset: start || undefined, chunkDigest: digest }
}

/** As exact as the tar has it: readers compare both. */
function modtimeOf({ mtime, nanoseconds }: Entry): string | undefined {
  const time = formatTime(mtime)
  if (time === null || nanoseconds === 0) return time ?? undefined
  return time.replace('Z', `.${String(nanoseconds).padStart(9, '0')}Z`)
}
