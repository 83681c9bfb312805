import { Transform } from 'node:stream'
import type { ByteString } from '../streams/bytes.js'
import { type Entry, type EntryBatch, parentOf } from './entry.js'
import { impliedInode } from './tree-node.js'

/** EntryBatches in, the same out, with an entry for every directory that only those below it speak of. */
export function implyDirectories(): Transform {
  const directories = new Set<ByteString>([''])
  let current: ByteString = ''
  const missingFor = (path: ByteString): Entry[] => {
    const parent = parentOf(path)
    if (parent === current) return []
    current = parent
    const missing: Entry[] = []
    for (let each = parent; !directories.has(each); each = parentOf(each)) {
      directories.add(each)
      missing.unshift(impliedInode(each).entry)
    }
    return missing
  }
  return new Transform({
    objectMode: true,
    highWaterMark: 1,
    transform(batch: EntryBatch, _encoding, done) {
      const complete: (Entry | Buffer)[] = []
      for (const item of batch) {
        if (!Buffer.isBuffer(item)) {
          complete.push(...missingFor(item.path))
          if (item.type === 'directory') directories.add(item.path)
        }
        complete.push(item)
      }
      done(null, complete)
    }
  })
}
