import { Readable } from 'node:stream'
import { blockCache } from '../codec/block-cache.js'
import { type Codec, settingOf } from '../codec/codec.js'
import { recallSegments } from '../codec/known-segment.js'
import type { Context } from '../graph/context.js'
import { type Body, createBody } from '../streams/body.js'
import type { Layer } from './items.js'

/**
 * A body for a layer of which an earlier run compressed the like: TarBlocks only for what has changed since, by what the
 * file system says of it, and KnownSegments for the rest. Null where there is nothing to go by; else nobody reads the
 * layer's own body.
 */
export async function recallOutlined(
  { outline, body }: Layer,
  codec: Codec,
  level: number,
  context: Context
): Promise<Body | null> {
  const sizes = codec.blockSizes?.(level)
  if (!outline || !sizes) return null
  const earlier = await context.resource(blockCache)?.recall(settingOf(codec, level), outline.name)
  if (!earlier) return null
  body.discard()
  const segments = (): Readable =>
    Readable.from(recallSegments(outline, earlier, sizes), { objectMode: true, highWaterMark: 1 })
  return createBody(segments)
}
