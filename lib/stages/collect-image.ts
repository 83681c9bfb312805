import type { Descriptor } from '../blob/descriptor.js'
import { InputError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { approved } from './approval.js'
import { chosenFor } from './chosen-compression.js'
import type { ImageBlob, Receipt } from './items.js'

/** All blobs of an image, or of an index of several. Handles, not bytes. */
export interface CollectedImage {
  readonly blobs: readonly ImageBlob[]
  /** Of the root. */
  readonly descriptor: Descriptor
  /** Where there is exactly one image. */
  readonly config: Descriptor | null
  /** What a receipt says of it. */
  readonly facts: Pick<Receipt, 'descriptor' | 'config' | 'chosen'>
}

/** Waits for the last of an image's blobs. */
async function collectImage(items: AsyncIterable<ImageBlob>): Promise<CollectedImage> {
  const blobs: ImageBlob[] = []
  for await (const item of items) blobs.push(item)
  const root = blobs.findLast((blob) => blob.root)
  if (root === undefined) {
    throw noImage('write image')
  }
  const manifests = blobs.flatMap(({ manifest }) => manifest ?? [])
  const config = manifests.length === 1 ? (manifests[0]?.config ?? null) : null
  return describeImage(blobs, root.blob.descriptor, config)
}

/** Layers came, perhaps, but no end of an image: what a source gives that has no image of its own. */
export function noImage(operation: string): InputError {
  const advice = 'layers alone, as those of a directory, become an image by imageOf'
  return new InputError({ operation, subject: 'the sources', expected: 'an image', found: 'nothing', advice })
}

/** @param config null where there are several images */
export function describeImage(
  blobs: readonly ImageBlob[],
  descriptor: Descriptor,
  config: Descriptor | null
): CollectedImage {
  const layers = blobs.flatMap(({ manifest }) => manifest?.layers ?? [])
  return { blobs, descriptor, config, facts: { descriptor, config, ...chosenFor(layers) } }
}

/** As `collectImage`, tells progress what is exported, and waits until it may be named. */
export async function collectExported(items: AsyncIterable<ImageBlob>, context: Context): Promise<CollectedImage> {
  const exported = context.begin('exporting layers')
  const image = await collectImage(items)
  exported()
  for (const { role, blob } of image.blobs) {
    if (role !== 'layer') context.begin(`exporting ${role} ${blob.descriptor.digest}`)()
  }
  await approved(context)
  return image
}
