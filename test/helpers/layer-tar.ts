import { Readable } from 'node:stream'
import { createEntry, type Entry, type EntryBatch } from '../../lib/diff/entry.js'
import type { TarBlock } from '../../lib/tar/block.js'
import { packEntries } from '../../lib/tar/pack.js'

/** A file entry with its body. */
export function fileEntry(path: string, text: string | Buffer, fields: Partial<Entry> = {}): EntryBatch {
  const body = Buffer.from(text)
  return [
    createEntry({ path, type: 'file', mode: 0o644, ...fields, size: body.length }),
    ...(body.length ? [body] : [])
  ]
}

/** A small layer: a directory, a file in it, a symbolic and a hard link. */
export const sampleEntries: EntryBatch = [
  createEntry({ path: 'bin', type: 'directory', mode: 0o755, mtime: 1_000_000_000 }),
  ...fileEntry('bin/tool', '#!/bin/sh\n', { mode: 0o755, mtime: 1_600_000_000 }),
  createEntry({ path: 'link', type: 'symlink', mode: 0o777, link: 'bin/tool' }),
  createEntry({ path: 'other', type: 'hardlink', mode: 0o755, link: 'bin/tool', mtime: 1_600_000_000 })
]

/** The layer tar of some entries. */
export async function layerTar(entries: EntryBatch): Promise<Buffer> {
  const blocks: TarBlock[] = await Readable.from([entries]).pipe(packEntries()).toArray()
  return Buffer.concat(blocks.map(({ bytes }) => bytes))
}
