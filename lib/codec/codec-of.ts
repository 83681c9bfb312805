import type { Blob } from '../blob/blob.js'
import type { CodecName } from './codec.js'
import { SNIFF_LENGTH, sniffFormat } from './sniff.js'

/** Annotations that a lazily pullable layer's descriptor carries, by which it is told from its plain sibling. */
export const ESTARGZ_MARK = 'containerd.io/snapshot/stargz/toc.digest'
export const ZSTD_CHUNKED_MARK = 'io.github.containers.zstd-chunked.manifest-checksum'

/** How an existing layer is compressed: by its first bytes, never by its media type, and by its annotations. */
export async function codecOf(blob: Blob): Promise<CodecName> {
  const { annotations = {}, size } = blob.descriptor
  const head: Buffer[] = await blob.open({ start: 0, end: Math.min(SNIFF_LENGTH, size) }).toArray()
  const format = sniffFormat(Buffer.concat(head))
  if (format === 'gzip' && ESTARGZ_MARK in annotations) return 'estargz'
  if (format === 'zstd' && ZSTD_CHUNKED_MARK in annotations) return 'zstd:chunked'
  return format
}
