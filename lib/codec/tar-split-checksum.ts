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
  return {
    update(bytes) {
      const words = wordsOf(bytes)
      let [lower, upper] = [low, high] // of which the compiler knows that nobody else looks at them
      for (let index = 0; index < words.length; index += 1) {
        const out = lower ^ (words[index] ?? 0)
        lower = upper ^ (out << 31) ^ (out << 29) ^ (out << 28)
        upper = out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4)
      }
      for (let at = words.byteLength; at < bytes.length; at += 1) {
        const out = (lower ^ (bytes[at] ?? 0)) & 0xff
        lower = (lower >>> 8) | (upper << 24)
        upper = (upper >>> 8) ^ (out << 24) ^ (out << 23) ^ (out << 21) ^ (out << 20)
      }
      low = lower
      high = upper
    },
    digest() {
      const bytes = Buffer.allocUnsafe(8)
      bytes.writeInt32BE(~high, 0)
      bytes.writeInt32BE(~low, 4)
      return bytes
    }
  }
}

/** As many as can be read as they lie there; a view costs half as much as reading each through a `DataView`. */
function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  const readable = LITTLE_ENDIAN && byteOffset % Int32Array.BYTES_PER_ELEMENT === 0
  return readable ? new Int32Array(buffer, byteOffset, length >>> 2) : NO_WORDS
}

const LITTLE_ENDIAN = endianness() === 'LE'

const NO_WORDS = new Int32Array(0)
