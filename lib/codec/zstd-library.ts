import { compress, decompress } from '@mongodb-js/zstd/bindings.js'

/*
 * The door to `@mongodb-js/zstd`. Its bindings, because its main entry forgets the level. Both functions work on
 * libuv's threads, on the memory they are given: nobody may write to it until they are done.
 */

/** One zstd frame, without a checksum. `level` is the library's, 1 to 22. */
export function compressFrame(bytes: Buffer, level: number): Promise<Buffer> {
  return compress(bytes, level)
}

/** The contents of one frame or more, all in memory. */
export function decompressFrame(frame: Buffer): Promise<Buffer> {
  return decompress(frame)
}
