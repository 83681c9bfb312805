import { Transform } from 'node:stream'
import type { ByteRange } from '../blob/blob.js'

/** Passes only the bytes of a range on; what comes behind it is read and dropped. */
export function sliceBytes({ start, end }: ByteRange): Transform {
  let at = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at))
      at += chunk.length
      if (piece.length > 0) this.push(piece)
      done()
    }
  })
}
