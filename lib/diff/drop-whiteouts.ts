import { Transform } from 'node:stream'
import type { EntryBatch } from './entry.js'

/** EntryBatches in, the same without whiteouts out. */
export function dropWhiteouts(): Transform {
  return new Transform({
    objectMode: true,
    highWaterMark: 1,
    transform(batch: EntryBatch, _encoding, done) {
      done(null, batch.some(isWhiteout) ? batch.filter((item) => !isWhiteout(item)) : batch)
    }
  })
}

function isWhiteout(item: EntryBatch[number]): boolean {
  return !Buffer.isBuffer(item) && (item.type === 'whiteout' || item.type === 'opaque')
}
