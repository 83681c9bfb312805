import { Readable } from 'node:stream'
import type { Entry, EntryBatch } from '../../lib/diff/entry.js'
import { END_OF_TAR } from '../../lib/tar/encode.js'
import { extractEntries } from '../../lib/tar/extract.js'
import { checksumOf, encodeHeader, type HeaderFields, paddingOf } from '../../lib/tar/header.js'
import { encodePaxRecords } from '../../lib/tar/pax.js'
import type { TarRules } from '../../lib/tar/reader.js'

/** One member of a hostile tar: a header that says whatever it is told to say, and a padded body. */
export function member(
  fields: Partial<HeaderFields>,
  body: Buffer | string = '',
  damage: (header: Buffer) => void = () => {}
): Buffer {
  const bytes = Buffer.from(body)
  const defaults = { name: 'f', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0, type: '0', link: '' }
  const header = encodeHeader({ ...defaults, device: null, ...fields })
  damage(header)
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return Buffer.concat([header, bytes, Buffer.alloc(paddingOf(bytes.length))])
}

/** An extended header of PAX records for the member behind it (or, as `g`, for all). */
export function paxMember(records: Readonly<Record<string, string>>, type = 'x'): Buffer {
  return member({ name: 'PaxHeaders/f', type }, encodePaxRecords(new Map(Object.entries(records))))
}

export function tarOf(...members: readonly Buffer[]): Buffer {
  return Buffer.concat([...members, END_OF_TAR])
}

/** An entry with its whole body. */
export interface Extracted {
  readonly entry: Entry
  readonly body: Buffer
}

/** Chunks of the given lengths, repeated until all bytes are in one. */
export function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? bytes.length)
    yield bytes.subarray(at, at + length)
    at += length
  }
}

export function extractAll(
  tar: Buffer | Iterable<Buffer>,
  options: TarRules = {},
  subject = 'source tar:test.tar'
): Promise<readonly Extracted[]> {
  const chunks = Buffer.isBuffer(tar) ? [tar] : tar
  return collect(Readable.from(chunks).compose(extractEntries(subject, options)))
}

/** What a tar of these members holds first. */
export async function firstEntryOf(...members: readonly Buffer[]): Promise<Entry | undefined> {
  return (await extractAll(tarOf(...members)))[0]?.entry
}

/** The entries of a stream of batches with their bodies put together. */
export async function collect(batches: AsyncIterable<EntryBatch>): Promise<readonly Extracted[]> {
  const found: { entry: Entry; pieces: Buffer[] }[] = []
  for await (const batch of batches) {
    for (const item of batch) {
      if (Buffer.isBuffer(item)) found.at(-1)?.pieces.push(item)
      else found.push({ entry: item, pieces: [] })
    }
  }
  return found.map(({ entry, pieces }) => ({ entry, body: Buffer.concat(pieces) }))
}
