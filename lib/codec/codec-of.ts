import type { Blob } from '../blob/blob.js'
import type { Annotations, Descriptor } from '../blob/descriptor.js'
import { formatOfMediaType } from '../image/media-types.js'
import type { CodecName, CompressionFormat } from './codec.js'
import { SNIFF_LENGTH, sniffFormat } from './sniff.js'

/** Annotations that a lazily pullable layer's descriptor carries, by which it is told from its plain sibling. */
export const ESTARGZ_MARK = 'containerd.io/snapshot/stargz/toc.digest'
export const ZSTD_CHUNKED_MARK = 'io.github.containers.zstd-chunked.manifest-checksum'

/** How an existing layer is compressed: by its first bytes, never by its media type, and by its annotations. */
export async function codecOf(blob: Blob): Promise<CodecName> {
  const { annotations, size } = blob.descriptor
  const head: Buffer[] = await blob.open({ start: 0, end: Math.min(SNIFF_LENGTH, size) }).toArray()
  return codecWithin(sniffFormat(Buffer.concat(head)), annotations)
}

/** How an existing layer is compressed as its descriptor has it: for reports, which read no layer to make sure. */
export function declaredCodecOf({ mediaType, annotations }: Descriptor): CodecName {
  return codecWithin(formatOfMediaType(mediaType) ?? 'uncompressed', annotations)
}

/** Formats within formats are told by the annotations that their readers look for. */
function codecWithin(format: CompressionFormat, annotations: Annotations = {}): CodecName {
  if (format === 'gzip' && ESTARGZ_MARK in annotations) return 'estargz'
  if (format === 'zstd' && ZSTD_CHUNKED_MARK in annotations) return 'zstd:chunked'
  return format
}
