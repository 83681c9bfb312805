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
      const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      let at = 0
      for (; at + 4 <= bytes.length; at += 4) {
        const out = low ^ words.getInt32(at, true)
        low = high ^ (out << 31) ^ (out << 29) ^ (out << 28)
        high = out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4)
      }
      for (; at < bytes.length; at += 1) {
        const out = (low ^ words.getUint8(at)) & 0xff
        low = (low >>> 8) | (high << 24)
        high = (high >>> 8) ^ (out << 24) ^ (out << 23) ^ (out << 21) ^ (out << 20)
      }
    },
    digest() {
      const bytes = Buffer.allocUnsafe(8)
      bytes.writeInt32BE(~high, 0)
      bytes.writeInt32BE(~low, 4)
      return bytes
    }
  }
}
