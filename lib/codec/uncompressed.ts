import { generate } from '../streams/generate.js'
import { giveBack, lend } from '../streams/loan.js'
import type { TarBlock } from '../tar/block.js'
import type { Codec } from './codec.js'

/** The layer tar as it is. */
export const uncompressed: Codec = {
  name: 'uncompressed',
  format: 'uncompressed',
  version: 'uncompressed/1',
  levels: null,
  needsOciMediaTypes: false,
  compress: ({ lends = false }) => ({
    stream: generate<TarBlock, Buffer>(async function* (blocks) {
      for await (const block of blocks) yield lends ? lend(block.bytes, () => giveBack(block)) : block.bytes
    }),
    finish: () => ({ annotations: {} })
  })
}
