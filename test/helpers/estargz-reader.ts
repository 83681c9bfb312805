import { gunzipSync } from 'node:zlib'
import { sha256 } from './lazy-layer.js'

/** A record of `stargz.index.json`. */
export interface EstargzRecord {
  readonly name: string
  readonly type: string
  readonly size?: number
  readonly offset?: number
  readonly chunkOffset?: number
  readonly chunkSize?: number
  readonly chunkDigest?: string
  readonly digest?: string
  readonly [field: string]: unknown
}

export interface EstargzToc {
  /** As the annotation has it. */
  readonly digest: string
  /** Where it begins in the blob. */
  readonly offset: number
  readonly entries: readonly EstargzRecord[]
}

/** Reads the table of contents from the end of a blob alone, as docs/estargz.md describes it, or throws. */
export function readToc(blob: Buffer): EstargzToc {
  const footer = blob.subarray(-51)
  const field = footer.subarray(16, 38).toString('latin1')
  if (gunzipSync(footer).length !== 0 || footer.subarray(12, 14).toString() !== 'SG') throw new Error('no footer')
  if (footer.readUInt16LE(10) !== 26 || footer.readUInt16LE(14) !== 22) throw new Error('wrong lengths')
  const offset = Number.parseInt(/^([0-9a-f]{16})STARGZ$/.exec(field)?.[1] ?? '', 16)
  const tar = gunzipSync(blob.subarray(offset, -51))
  const name = tar.subarray(0, 100).toString('latin1').replace(/\0+$/, '')
  if (name !== 'stargz.index.json') throw new Error(`${name} in the place of the table of contents`)
  const json = tar.subarray(512, 512 + Number.parseInt(tar.subarray(124, 135).toString('latin1'), 8))
  const { version, entries } = JSON.parse(json.toString())
  if (version !== 1) throw new Error(`version ${version}`)
  return { digest: sha256(json), offset, entries }
}

/** Reads a file from where its records say it is, and nothing else of the blob; throws where a digest differs. */
export function readFile(blob: Buffer, { entries, offset: end }: EstargzToc, name: string): Buffer {
  const first = entries.findIndex((record) => record.name === name && record.type === 'reg')
  const file = entries[first]
  if (!file) throw new Error(`no file ${name}`)
  if (!file.size) return Buffer.alloc(0)
  const chunks = [file]
  while (entries[first + chunks.length]?.type === 'chunk') chunks.push(entries[first + chunks.length] as EstargzRecord)
  const offsets = [...new Set(entries.flatMap(({ offset }) => offset ?? []))].sort((a, b) => a - b)
  const contents = chunks.map((chunk) => {
    const start = chunk.chunkOffset ?? 0
    const size = chunk.chunkSize ?? (file.size ?? 0) - start
    const next = offsets.find((offset) => offset > (chunk.offset ?? 0)) ?? end
    const bytes = gunzipSync(blob.subarray(chunk.offset, next)).subarray(0, size)
    if (sha256(bytes) !== chunk.chunkDigest) throw new Error(`a chunk of ${name} has another digest`)
    return bytes
  })
  const whole = Buffer.concat(contents)
  if (sha256(whole) !== file.digest) throw new Error(`${name} has another digest`)
  return whole
}
