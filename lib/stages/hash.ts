import type { Readable } from 'node:stream'
import type { Blob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import { createDigester } from '../blob/digest.js'
import { growingBlobs } from '../blob/growing.js'
import { type Spool, spoolBlob } from '../blob/spool.js'
import { verifyBytes } from '../blob/verify.js'
import { blockCache } from '../codec/block-cache.js'
import { codecByName } from '../codec/index.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { layerMediaType } from '../image/media-types.js'
import { chain, type Open } from '../streams/body.js'
import { countBytes } from '../streams/count.js'
import { generate } from '../streams/generate.js'
import { giveBack } from '../streams/loan.js'
import { sliceBytes } from '../streams/slice.js'
import type { CompressedLayer, ImageEnd, LayerBlob } from './items.js'
import { layerCache } from './layer-cache.js'

export type HashOptions = {
  /**
   * Whether to digest a layer without keeping its bytes, and to make them anew when the blob is opened, where the
   * origin can be read twice and nobody else reads it: it saves the temporary file, and costs a second reading.
   * Worth it for what costs nothing to make, uncompressed layers. Default false.
   */
  readonly remake?: boolean
}

/**
 * Compressed layers in, blobs out: the bytes are spooled to disk once while they are digested, and from there on a
 * layer can be opened any number of times. A layer that an image came with is a blob already.
 */
export const hash = ({ remake = false }: HashOptions = {}): Stage<CompressedLayer | ImageEnd, LayerBlob | ImageEnd> =>
  hashStage({ remake })

const hashStage = stage<HashOptions, CompressedLayer | ImageEnd, LayerBlob | ImageEnd>('hash', (options, context) =>
  generate<CompressedLayer | ImageEnd, LayerBlob | ImageEnd>(async function* (items) {
    const remembered: Promise<void>[] = []
    for await (const item of items) {
      if (item.kind === 'image') yield item
      else if (item.kind === 'kept')
        yield { ...item.layer, kind: 'layer-blob', newest: item.newest, history: item.history }
      else {
        const layer = await hashed(item, options, context)
        remembered.push(rememberBlocks(item, layer.blob, context)) // nobody has to wait for it but the end of the run
        yield layer
      }
    }
    await Promise.all(remembered)
  })
)

type Fresh = Extract<CompressedLayer, { kind: 'compressed' }>

async function hashed(layer: Fresh, { remake }: HashOptions, context: Context): Promise<LayerBlob> {
  const { body } = layer
  const again = remake && !body.shared ? body.again : undefined
  const blob = again ? await remade(layer, again) : await spooled(layer, context)
  const { diffID, annotations, newest } = await layer.summary
  const described = Object.keys(annotations).length > 0 ? { ...blob.descriptor, annotations } : blob.descriptor
  const made = { blob: { ...blob, descriptor: described }, diffID, newest: layer.recompressed ? null : newest }
  if (layer.key !== undefined && !again) await context.resource(layerCache)?.remember(layer.key, made)
  return { kind: 'layer-blob', ...made, history: layer.history }
}

async function rememberBlocks(layer: Fresh, blob: Blob, context: Context): Promise<void> {
  const { composition } = await layer.summary
  if (composition) await context.resource(blockCache)?.remember(blob, composition)
}

async function spooled(layer: Fresh, context: Context): Promise<Blob> {
  const { body } = layer
  const counted = chain(body.open({ givesBack: true }), [countBytes(context.progress)])
  const announce = (spool: Spool): void => context.resource(growingBlobs).announce(context.node.key, spool)
  const options = { signal: context.signal, onSpool: announce, ...(body.digest && { digest: body.digest }) }
  return spoolBlob(counted, await context.temporary(), { mediaType: mediaTypeOf(layer) }, options)
}

async function remade(layer: Fresh, again: Open): Promise<Blob> {
  const descriptor = await describe(layer)
  const open = (): Readable => chain(again(), [verifyBytes(descriptor, 'layer, made a second time')])
  return { descriptor, open: (range) => (range ? chain(open(), [sliceBytes(range)]) : open()) }
}

async function describe(layer: Fresh): Promise<Descriptor> {
  const { body } = layer
  const digester = createDigester(body.digest)
  let size = 0
  for await (const chunk of body.open({ givesBack: true }) as AsyncIterable<Buffer>) {
    digester.update(chunk)
    size += chunk.length
    giveBack(chunk)
  }
  return { mediaType: mediaTypeOf(layer), digest: await digester.finish(), size }
}

function mediaTypeOf({ codec }: Fresh): string {
  return layerMediaType(codecByName(codec).format, 'oci')
}
