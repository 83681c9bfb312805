import { endianness } from 'node:os'

/** The CRC-64 of ISO 3309 that tar-split has of files (vbatts/tar-split, tar/storage/entry.go). */
export interface TarSplitChecksum {
  update(bytes: Buffer): void
  /** Of all bytes so far: eight bytes, the highest first. */
  digest(): Buffer
}

/**
 * The polynomial, x^64 + x^4 + x^3 + x + 1, has so few terms that no table is needed: what is pushed out of the
 * register comes back at its top, shifted by 0, 1, 3 and 4. So four bytes can be taken at a time.
 */
export function startTarSplitChecksum(): TarSplitChecksum {
  let low = -1
  let high = -1
  const takeBytes = (bytes: Buffer, start: number, end: number): void => {
    for (let at = start; at < end; at += 1) {
      const out = (low ^ (bytes[at] ?? 0)) & 0xff
      low = (low >>> 8) | (high << 24)
      high = (high >>> 8) ^ (out << 24) ^ (out << 23) ^ (out << 21) ^ (out << 20)
    }
  }
  const takeWords = (words: Int32Array): void => {
    let [lower, upper] = [low, high] // of which the compiler knows that nobody else looks at them
    for (let index = 0; index < words.length; index += 1) {
      const out = lower ^ (words[index] ?? 0)
      lower = upper ^ (out << 31) ^ (out << 29) ^ (out << 28)
      upper = out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4)
    }
    low = lower
    high = upper
  }
  return {
    update(bytes) {
      const { before, count } = wordsIn(bytes)
      const after = before + count * WORD
      takeBytes(bytes, 0, before)
      if (count > 0) takeWords(new Int32Array(bytes.buffer, bytes.byteOffset + before, count))
      takeBytes(bytes, after, bytes.length)
    },
    digest() {
      const bytes = Buffer.allocUnsafe(8)
      bytes.writeInt32BE(~high, 0)
      bytes.writeInt32BE(~low, 4)
      return bytes
    }
  }
}

/** Bytes. */
const WORD = Int32Array.BYTES_PER_ELEMENT

const LITTLE_ENDIAN = endianness() === 'LE'

/** How many words can be read as they lie there, and behind how many bytes: a view of all is faster than a `DataView`. */
function wordsIn({ byteOffset, length }: Buffer) {
  const before = LITTLE_ENDIAN ? Math.min(-byteOffset & (WORD - 1), length) : length
  return { before, count: (length - before) >>> 2 }
}
