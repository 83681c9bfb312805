import type { Entry } from '../diff/entry.js'
import { formatTime } from '../image/time.js'
import { tocFields } from './toc-fields.js'
import type { TocChunk, TocContents } from './toc-files.js'

/**
 * The records of an entry in `stargz.index.json` (containerd/stargz-snapshotter, docs/estargz.md, "TOC, TOCEntries and
 * Footer"): one, or one for each chunk.
 */
export function estargzRecords(entry: Entry, contents: TocContents | null): readonly object[] {
  const fields = { ...tocFields(entry), modtime: modtimeOf(entry) }
  if (contents === null) return [fields]
  const { digest, chunks } = contents
  const records = chunks.map((chunk) => chunkFields(chunk, chunk.start + chunk.size === entry.size))
  return records.map((record, index) =>
    index === 0 ? { ...fields, digest, ...record } : { name: fields.name, type: 'chunk', ...record }
  )
}

/** The last chunk has no size: it goes on to the end of the file. */
function chunkFields({ start, size, digest, offset }: TocChunk, last: boolean): object {
  return { offset, chunkOffset: start || undefined, chunkSize: last ? undefined : size, chunkDigest: digest }
}

/** Without one, readers take the time for unknown, which is 0. */
function modtimeOf({ mtime }: Entry): string | undefined {
  return mtime === 0 ? undefined : (formatTime(mtime) ?? undefined)
}
