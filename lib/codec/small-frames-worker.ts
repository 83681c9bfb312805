import { parentPort } from 'node:worker_threads'
import { compressUsingDict, createCCtx, init } from '@bokuweb/zstd-wasm'
import { gather } from './gather.js'
import type { SmallFramesReply, SmallFramesRequest } from './small-frames-message.js'
import { sealFrame } from './zstd-seal.js'

/*
 * The door to `@bokuweb/zstd-wasm`. Of its functions, the one that takes a context, so that tables are not made anew
 * for every frame; what comes out does not depend on what the context has seen.
 */

/** None; the function that takes a context wants one. */
const DICTIONARY = new Uint8Array(0)

await init()
const context = createCCtx()

parentPort?.on('message', async ({ input, lengths, level }: SmallFramesRequest) => {
  const frames: Buffer[] = []
  let offset = 0
  for (const length of lengths) {
    const contents = Buffer.from(input, offset, length)
    offset += length
    frames.push(await sealFrame(Buffer.from(compressUsingDict(context, contents, DICTIONARY, level)), contents))
  }
  const output = new ArrayBuffer(frames.reduce((total, { length }) => total + length, 0))
  gather(frames, output)
  const reply: SmallFramesReply = { input, output, lengths: frames.map(({ length }) => length) }
  parentPort?.postMessage(reply, [input, output])
})
