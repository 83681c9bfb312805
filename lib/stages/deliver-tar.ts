import type { Duplex, Readable } from 'node:stream'
import type { CodecName } from '../codec/codec.js'
import { codecByName } from '../codec/index.js'
import { resolveLevel } from '../codec/level.js'
import { mergeImages, type PlacedImage } from '../diff/merge-images.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { createElastic } from '../streams/elastic.js'
import { packEntries } from '../tar/pack.js'
import { deliver, refuseTerminal } from './deliver.js'
import { collectFlatImages, type FlatImageOptions } from './flat-image.js'
import type { Changeset, ImageEnd, Receipt } from './items.js'
import { generateSettled } from './settle.js'

/** How images become one tar of a root file system. Plain data: it is part of the node's key. */
export type DeliverTarOptions = {
  readonly exporter: 'tar'
  /** A file, or `-` for standard output. */
  readonly destination: string
  readonly compression: CodecName
  /** Null is the codec's default. */
  readonly level: number | null
} & FlatImageOptions

/**
 * Sink: the merged file systems of images as one tar, with all owners and attributes and without an entry for the
 * root. A pipe gets it while it is made; if others read the same contents, a slow one does not slow them. Throws
 * UsageError for a level that the codec does not have.
 */
export function deliverTar(options: DeliverTarOptions): Stage<Changeset | ImageEnd, Receipt> {
  resolveLevel(codecByName(options.compression), options.level)
  return deliverTarStage(options)
}

const deliverTarStage = stage<DeliverTarOptions, Changeset | ImageEnd, Receipt>('deliver-tar', openDeliverTar)

function openDeliverTar(options: DeliverTarOptions, context: Context) {
  return generateSettled<Changeset | ImageEnd, Receipt>(context, async function* (items) {
    const start = performance.now()
    refuseTerminal(options, context)
    const { exporter, destination } = options
    const images = await collectFlatImages(items, options)
    const sent = context.begin('sending tarball')
    const { bytes } = await deliver(() => tarStreams(images, options, context), options, context)
    sent()
    const seconds = (performance.now() - start) / 1000
    yield { exporter, destination, descriptor: null, config: null, names: [], bytes, skipped: [], seconds }
  })
}

function tarStreams(images: readonly PlacedImage[], options: DeliverTarOptions, context: Context): readonly Readable[] {
  const codec = codecByName(options.compression)
  const level = resolveLevel(codec, options.level)
  const { stream } = codec.compress({ level: level ?? 0, budget: context.budget })
  const packed = packEntries({ xattrs: 'all', roundTimes: true }, { whiteouts: false })
  return [mergeImages(images), packed, stream, ...elastic(images, options, context)]
}

/** A file takes bytes as fast as the disk does; who reads a pipe may be slow, and is only waited for by its own. */
function elastic(
  images: readonly PlacedImage[],
  { destination }: DeliverTarOptions,
  context: Context
): readonly Duplex[] {
  const shares = destination === '-' && images.some(({ bodies }) => bodies.some((body) => body.shared))
  return shares ? [createElastic({ temporary: () => context.temporary() })] : []
}
