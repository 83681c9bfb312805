import { decompressFrame } from '../../lib/codec/zstd-library.js'
import type { LazyLayer } from './lazy-layer.js'
import { sha256 } from './lazy-layer.js'

/** A record of the manifest in a zstd:chunked blob. */
export interface ChunkedRecord {
  readonly name: string
  readonly type: string
  readonly size?: number
  readonly digest?: string
  readonly offset?: number
  readonly endOffset?: number
  readonly chunkSize?: number
  readonly chunkOffset?: number
  readonly chunkDigest?: string
  readonly [field: string]: unknown
}

/** A line of tar-split data. */
export interface SplitLine {
  readonly type: number
  readonly name?: string
  readonly size?: number
  readonly payload: string | null
  readonly position: number
}

export interface ChunkedToc {
  readonly entries: readonly ChunkedRecord[]
  readonly tarSplit: readonly SplitLine[] | null
}

const PREFIX = 'io.github.containers.zstd-chunked.'

/** Reads what the annotations point to, as containers/storage does, and compares it with the footer, or throws. */
export async function readManifest({ blob, annotations }: LazyLayer): Promise<ChunkedToc> {
  const places = ['manifest-position', 'tarsplit-position'].map((key) =>
    annotations[PREFIX + key]?.split(':').map(Number)
  )
  const [own = [], split = [0, 0, 0]] = places
  if (blob.subarray(-8).toString() !== 'GNUlInUx') throw new Error('no footer')
  const footer = Array.from({ length: 7 }, (_, index) => Number(blob.readBigUInt64LE(blob.length - 64 + index * 8)))
  if (footer.join() !== [...own, ...split].join()) throw new Error(`a footer of ${footer.join()}`)
  const manifest = documentAt(blob, own)
  if (sha256(manifest) !== annotations[`${PREFIX}manifest-checksum`]) throw new Error('another manifest')
  const { version, entries, tarSplitDigest } = JSON.parse((await expand(manifest, own[2])).toString())
  if (version !== 1) throw new Error(`version ${version}`)
  if (tarSplitDigest === undefined) return { entries, tarSplit: null }
  if (sha256(documentAt(blob, split)) !== tarSplitDigest) throw new Error('other tar-split data')
  const lines = (await expand(documentAt(blob, split), split[2])).toString().trimEnd().split('\n')
  return { entries, tarSplit: lines.map((line) => JSON.parse(line)) }
}

/** What is in a skippable frame, whose header is right before it. */
function documentAt(blob: Buffer, [offset = 0, length = 0]: readonly number[]): Buffer {
  if (blob.readUInt32LE(offset - 8) !== 0x184d2a50 || blob.readUInt32LE(offset - 4) !== length)
    throw new Error('no frame')
  return blob.subarray(offset, offset + length)
}

async function expand(bytes: Buffer, length = 0): Promise<Buffer> {
  const expanded = await decompressFrame(bytes)
  if (expanded.length !== length) throw new Error(`${expanded.length} bytes instead of ${length}`)
  return expanded
}

/** Reads a file from where its records say it is, and nothing else of the blob; throws where a digest differs. */
export async function readChunkedFile(blob: Buffer, { entries }: ChunkedToc, name: string): Promise<Buffer> {
  const first = entries.findIndex((record) => record.name === name && record.type === 'reg')
  const file = entries[first]
  if (!file) throw new Error(`no file ${name}`)
  if (!file.size) return Buffer.alloc(0)
  const chunks = entries
    .slice(first)
    .filter((record) => record === file || (record.type === 'chunk' && record.name === name))
  const contents = chunks.map(async ({ offset, endOffset, chunkSize = file.size, chunkDigest = file.digest }) => {
    const bytes = (await decompressFrame(blob.subarray(offset, endOffset))).subarray(0, chunkSize)
    if (sha256(bytes) !== chunkDigest) throw new Error(`a chunk of ${name} has another digest`)
    return bytes
  })
  const whole = Buffer.concat(await Promise.all(contents))
  if (sha256(whole) !== file.digest) throw new Error(`${name} has another digest`)
  return whole
}

/** The tar out of its files, with their checksums compared bit by bit. */
export async function reassemble(blob: Buffer, toc: ChunkedToc): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const [index, { type, name = '', size, payload, position }] of (toc.tarSplit ?? []).entries()) {
    if (position !== index) throw new Error(`position ${position} instead of ${index}`)
    if (type === 2) parts.push(Buffer.from(payload ?? '', 'base64'))
    else if (size) {
      const contents = await readChunkedFile(blob, toc, name)
      if (contents.length < 2 ** 16 && checksumOf(contents) !== payload) throw new Error(`another checksum of ${name}`)
      parts.push(contents)
    }
  }
  return Buffer.concat(parts)
}

/** The CRC-64 of ISO 3309 by its definition. */
export function checksumOf(bytes: Buffer): string {
  const all = 0xffff_ffff_ffff_ffffn
  let sum = all
  for (const byte of bytes) {
    sum ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1n ? (sum >> 1n) ^ 0xd800_0000_0000_0000n : sum >> 1n
  }
  const result = Buffer.alloc(8)
  result.writeBigUInt64BE(sum ^ all)
  return result.toString('base64')
}
