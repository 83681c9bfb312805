import type { CodecName } from '../lib/codec/codec.js'
import { join, type Node, pipe } from '../lib/graph/index.js'
import type { MediaTypeFamily } from '../lib/image/media-types.js'
import { assemble } from '../lib/stages/assemble.js'
import { type HashOptions, hash } from '../lib/stages/hash.js'
import type { ImageBlob, ImageEnd, LayerBlob } from '../lib/stages/items.js'
import { pack } from '../lib/stages/pack.js'
import { changes, type ImageSource } from './changes.js'
import { compression, documents, type ManifestOptions, packing, variants } from './documents.js'
import type { OciOptions } from './options/oci.js'

/**
 * What all exporters of images have in common: the changes of each layer become a tar, the tar a blob for each codec
 * asked for, and the blobs images.
 */
export const imageBlobs = (
  image: ImageSource,
  options: ManifestOptions,
  usual: MediaTypeFamily,
  hashing: HashOptions = {}
): Node<ImageBlob> => pipe(imageLayers(image, options, hashing), assemble(documents(options, usual)))

/** The layers of images, as exporters of images have them. */
export const imageLayers = (
  image: ImageSource,
  options: ManifestOptions,
  hashing: HashOptions = {}
): Node<LayerBlob | ImageEnd> => {
  const variant = (codec: CodecName | 'auto') =>
    pipe(changes(image, options.xattrs), pack(packing(options)), compression(options, codec), hash(hashing))
  return join(variants(options).map(variant))
}

/**
 * Uncompressed layers that go to a pipe are made twice, once to be digested and once to be sent: it costs a second
 * reading of the source, and saves a temporary file as large as the image.
 */
export function hashing(options: OciOptions): HashOptions {
  const uncompressed = options.compression.every((codec) => codec === 'uncompressed')
  return { remake: uncompressed && options.tar && options.destination === '-' }
}
