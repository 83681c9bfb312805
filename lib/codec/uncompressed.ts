import { generate } from '../streams/generate.js'
import type { TarBlock } from '../tar/block.js'
import type { Codec } from './codec.js'

/** The layer tar as it is. */
export const uncompressed: Codec = {
  name: 'uncompressed',
  format: 'uncompressed',
  version: 'uncompressed/1',
  levels: null,
  needsOciMediaTypes: false,
  compress: () => ({
    stream: generate<TarBlock, Buffer>(async function* (blocks) {
      for await (const { bytes } of blocks) yield bytes
    }),
    finish: () => ({ annotations: {} })
  })
}
