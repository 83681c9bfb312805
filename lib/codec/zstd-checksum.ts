import xxhash from 'xxhash-wasm'

/** The running checksum of a frame's contents (RFC 8878, section 3.1.1: the low four bytes of their XXH64). */
export interface FrameChecksum {
  update(contents: Buffer): void
  /** Throws if the frame, whose last bytes are `end`, ends with another checksum. */
  compare(end: Buffer): void
}

/** The door to `xxhash-wasm`. */
export async function startChecksum(): Promise<FrameChecksum> {
  const { create64 } = await xxhash()
  const running = create64()
  return {
    update: (contents) => void running.update(contents),
    compare(end) {
      const expected = Number(running.digest() & 0xffffffffn)
      if (end.readUInt32LE(end.length - 4) !== expected) throw new Error('checksum of the frame is wrong')
    }
  }
}
