import type { CodecName } from '../lib/codec/codec.js'
import { codecByName } from '../lib/codec/index.js'
import { UsageError } from '../lib/errors.js'
import type { Stage } from '../lib/graph/index.js'
import type { DocumentOptions } from '../lib/image/compose.js'
import type { MediaTypeFamily } from '../lib/image/media-types.js'
import type { OptionsOf } from '../lib/options/option.js'
import { compress } from '../lib/stages/compress.js'
import { compressBest } from '../lib/stages/compress-best.js'
import type { CompressedLayer, ImageEnd, Layer } from '../lib/stages/items.js'
import type { PackOptions } from '../lib/tar/pack.js'
import type { manifestOptions } from './options/manifest.js'

/** What every exporter of images is told. */
export type ManifestOptions = OptionsOf<typeof manifestOptions>

/** How an exporter's documents are written. `usual` is the family that it takes where nothing speaks for another. */
export function documents(options: ManifestOptions, usual: MediaTypeFamily): DocumentOptions {
  const family = familyOf(options, usual)
  return {
    family,
    ...(family === 'docker' && options.ociMediaTypes === null && { ociForZstd: true }),
    epoch: options.sourceDateEpoch,
    annotations: options.annotations,
    preferNondistributable: options.preferNondistributableLayers,
    variants: variants(options).length > 1
  }
}

/** How layers are packed: with `rewrite-timestamp`, no time is later than the epoch. */
export function packing({ rewriteTimestamp, sourceDateEpoch, xattrs }: ManifestOptions): PackOptions {
  if (!rewriteTimestamp) return { xattrs }
  if (sourceDateEpoch !== null) return { xattrs, latest: sourceDateEpoch }
  throw new UsageError({
    operation: 'read output',
    subject: 'rewrite-timestamp',
    expected: 'an epoch to rewrite later times to',
    found: 'none',
    advice: 'set SOURCE_DATE_EPOCH or source-date-epoch'
  })
}

/**
 * The codecs of the variants in the order of their index: engines take the first that suits them, or, where they know
 * nothing of variants, the first of all. So gzip comes first, and zstd, which old engines can't read, last.
 */
export function variants({ compression }: ManifestOptions): readonly (CodecName | 'auto')[] {
  const place = (codec: CodecName | 'auto'): number => {
    if (codec === 'gzip') return 0
    return mayBeZstd(codec) ? 2 : 1
  }
  return [...new Set(compression)].sort((a, b) => place(a) - place(b))
}

/** How one variant is compressed. */
export function compression(
  { compressionLevel, forceCompression, prioritized }: ManifestOptions,
  codec: CodecName | 'auto'
): Stage<Layer | ImageEnd, CompressedLayer | ImageEnd> {
  if (codec === 'auto') return compressBest({ force: forceCompression })
  const first = codec === 'estargz' ? prioritized : [] // it must not make a difference to the others
  return compress({ compression: codec, level: compressionLevel, force: forceCompression, prioritized: first })
}

function mayBeZstd(codec: CodecName | 'auto'): boolean {
  return codec === 'auto' || codecByName(codec).format === 'zstd'
}

/** What only OCI's media types can say: lazily pulled layers, zstd, annotations, several variants. */
function needsOci(options: ManifestOptions): string | null {
  const codec = options.compression.find((name) => name !== 'auto' && codecByName(name).needsOciMediaTypes)
  if (codec !== undefined) return `compression ${codec}`
  return options.annotations.some(({ target }) => target.startsWith('index')) ? 'annotations of an index' : null
}

function prefersOci(options: ManifestOptions): boolean {
  return options.annotations.length > 0 || options.compression.some(mayBeZstd)
}

function familyOf(options: ManifestOptions, usual: MediaTypeFamily): MediaTypeFamily {
  const reason = needsOci(options)
  if (options.ociMediaTypes === null) return reason !== null || prefersOci(options) ? 'oci' : usual
  if (options.ociMediaTypes || reason === null) return options.ociMediaTypes ? 'oci' : 'docker'
  throw new UsageError({
    operation: 'read output',
    subject: 'oci-mediatypes=false',
    expected: `OCI media types for ${reason}`,
    found: 'Docker ones asked for',
    advice: 'leave oci-mediatypes out'
  })
}
