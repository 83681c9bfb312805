import type { Readable } from 'node:stream'
import type { Blob } from '../blob/blob.js'
import { spoolBlob } from '../blob/spool.js'
import type { Context } from '../graph/context.js'
import { layerMediaType } from '../image/media-types.js'
import { chain } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import type { TarBlock } from '../tar/block.js'
import { packEntries } from '../tar/pack.js'
import { splitTar } from '../tar/split.js'
import { sampleTar } from './sample-tar.js'
import { spreadWindows } from './windows.js'

/** A layer tar in a temporary file of the run. */
export type SpooledLayer = Blob & { readonly file: string }

/** Writes TarBlocks down. */
export async function spoolLayer(blocks: Readable, context: Context): Promise<SpooledLayer> {
  const file = await context.temporary()
  const blob = await spoolBlob(chain(blocks, [bytesOfBlocks()]), file, MEDIA_TYPE, { signal: context.signal })
  return { ...blob, file }
}

/** The blocks of a spooled layer, as often as they are asked for. */
export function blocksOfSpool(layer: SpooledLayer): Readable {
  return chain(layer.open(), [splitTar(layer.file, { verified: true })])
}

/** A tar of about `size` bytes, drawn evenly over the whole layer; the layer itself if it has no more. */
export async function sampleLayer(layer: SpooledLayer, size: number, context: Context): Promise<SpooledLayer> {
  const total = layer.descriptor.size
  if (size >= total) return layer
  const drawn = [sampleTar(spreadWindows(total, size)), packEntries({ xattrs: 'all' })]
  return spoolLayer(chain(blocksOfSpool(layer), drawn), context)
}

function bytesOfBlocks() {
  return generate<TarBlock, Buffer>(async function* (blocks) {
    for await (const { bytes } of blocks) yield bytes
  })
}

const MEDIA_TYPE = { mediaType: layerMediaType('uncompressed', 'oci') }
