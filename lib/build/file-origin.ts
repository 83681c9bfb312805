import { Readable } from 'node:stream'
import { readContents, readLargeFile } from '../diff/read-contents.js'
import type { ByteString } from '../streams/bytes.js'
import type { Origin } from './tree.js'

/** Bodies that are files of this machine. `locate` gives where that of an entry's path is. */
export function fileOrigin(locate: (path: ByteString) => ByteString): Origin {
  return {
    contents: (entries, reader) => readContents(entries, ({ path }) => locate(path), reader),
    open: (entry) => Readable.from(readLargeFile(locate(entry.path), entry), { objectMode: false })
  }
}
