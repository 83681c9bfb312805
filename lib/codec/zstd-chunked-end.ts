import type { Annotations } from '../blob/descriptor.js'
import { digestOf } from '../blob/digest.js'
import { ZSTD_CHUNKED_MARK } from './codec-of.js'

/** A document about a layer, compressed. */
export interface CompressedDocument {
  readonly bytes: Buffer
  /** Bytes before compression. */
  readonly uncompressed: number
}

export interface ZstdChunkedEnd {
  readonly frames: readonly Buffer[]
  readonly annotations: Annotations
}

const POSITION = 'io.github.containers.zstd-chunked.manifest-position'
const TAR_SPLIT_POSITION = 'io.github.containers.zstd-chunked.tarsplit-position'

/** The only kind of manifest that there is: a table of contents. */
const MANIFEST_TYPE = 1

const FOOTER_MAGIC = Buffer.from('GNUlInUx')

/** RFC 8878, section 3.1.2: the magic number and the length. */
const SKIPPABLE_HEADER_LENGTH = 8

/**
 * What follows the layer's frames at `offset`, in frames that decoders skip: the manifest, the tar-split data if
 * there is any, and a footer of 64 bytes that says where they are (containers/storage, pkg/chunked/internal/minimal,
 * ZstdChunkedFooterData). The annotations say the same, and readers believe them alone.
 */
export function zstdChunkedEnd(
  offset: number,
  manifest: CompressedDocument,
  tarSplit: CompressedDocument | null
): ZstdChunkedEnd {
  const manifestOffset = offset + SKIPPABLE_HEADER_LENGTH
  const tarSplitOffset = tarSplit ? manifestOffset + manifest.bytes.length + SKIPPABLE_HEADER_LENGTH : 0
  const own = placeOf(manifestOffset, manifest)
  const other = tarSplit ? placeOf(tarSplitOffset, tarSplit) : [0, 0, 0]
  return {
    frames: [
      skippableFrame(manifest.bytes),
      ...(tarSplit ? [skippableFrame(tarSplit.bytes)] : []),
      skippableFrame(footer([...own, MANIFEST_TYPE, ...other]))
    ],
    annotations: {
      [ZSTD_CHUNKED_MARK]: digestOf(manifest.bytes),
      [POSITION]: [...own, MANIFEST_TYPE].join(':'),
      ...(tarSplit && { [TAR_SPLIT_POSITION]: other.join(':') })
    }
  }
}

function placeOf(offset: number, { bytes, uncompressed }: CompressedDocument): readonly number[] {
  return [offset, bytes.length, uncompressed]
}

function skippableFrame(contents: Buffer): Buffer {
  const header = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0])
  header.writeUInt32LE(contents.length, 4)
  return Buffer.concat([header, contents])
}

function footer(fields: readonly number[]): Buffer {
  const numbers = fields.map((field) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt(field))
    return bytes
  })
  return Buffer.concat([...numbers, FOOTER_MAGIC])
}
