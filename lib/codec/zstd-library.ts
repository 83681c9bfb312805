import { createRequire } from 'node:module'
import { createLimit } from '../graph/limit.js'

/*
 * The door to `@mongodb-js/zstd`. Its bindings, because its main entry forgets the level. Both functions work on
 * libuv's threads, on the memory they are given: nobody may write to it until they are done.
 */

const require = createRequire(import.meta.url)

/** Loaded with the first frame: to find its binary it has Node write a report of everything, which takes long. */
const library = (): typeof import('@mongodb-js/zstd/bindings.js') => require('@mongodb-js/zstd/bindings.js')

/** What libuv has unless the environment says otherwise. */
const LIBUV_THREADS = 4

/** All of libuv's threads but one: files are read on them, too, and a read must not wait for a compression. */
const threads = createLimit(Math.max(1, Number(process.env.UV_THREADPOOL_SIZE || LIBUV_THREADS) - 1))

/** One zstd frame, without a checksum. `level` is the library's, 1 to 22. */
export function compressFrame(bytes: Buffer, level: number): Promise<Buffer> {
  return threads.run(() => library().compress(bytes, level))
}

/** The contents of one frame or more, all in memory. */
export function decompressFrame(frame: Buffer): Promise<Buffer> {
  return threads.run(() => library().decompress(frame))
}
