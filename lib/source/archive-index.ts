import { type FileHandle, open } from 'node:fs/promises'
import { posix } from 'node:path'
import type { Entry } from '../diff/entry.js'
import { bytesOfText } from '../streams/bytes.js'
import { createTarReader, type TarReader } from '../tar/reader.js'
import type { Member, Members } from './members.js'

/** What an index keeps of an entry: where its body is, or the path of the entry that it links to. */
type Place = { readonly start: number; readonly size: number } | { readonly target: string }

/** Old archives of docker save link a layer to its equal once; longer chains are nobody's. */
const LONGEST_CHAIN = 8

/**
 * The members of an uncompressed tar that lies in a file. Reads its headers only and keeps where its entries are.
 * A damaged, truncated or unsafe archive is an InputError.
 */
export async function indexArchive(file: string, subject: string): Promise<Members> {
  const places = new Map<string, Place>()
  const entry = (found: Entry, _header: number, body: number): void => {
    const place = placeOf(found, body)
    if (place) places.set(found.path, place)
  }
  const reader = createTarReader(subject, { entry, piece: () => {} }, { whiteouts: false })
  const handle = await open(file, 'r')
  try {
    await readHeaders(handle, reader)
  } finally {
    await handle.close()
  }
  return { subject, find: async (path) => memberAt(file, places, bytesOfText(path)) }
}

/** Short, because what follows a header is usually a blob, which is passed over. */
const CHUNK = 64 * 1024

async function readHeaders(handle: FileHandle, reader: TarReader): Promise<void> {
  const { size } = await handle.stat()
  for (let at = 0; at < size; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at)
    if (bytesRead === 0) break
    reader.push(buffer.subarray(0, bytesRead))
    at += bytesRead
    const passed = Math.min(reader.skippable, Math.max(0, size - at))
    if (passed > 0) reader.skip(passed)
    at += passed
  }
  reader.end()
}

function placeOf({ path, type, link, size }: Entry, body: number): Place | null {
  if (type === 'file') return { start: body, size }
  if (type === 'hardlink') return { target: link }
  if (type === 'symlink') return { target: posix.join(posix.dirname(path), link) }
  return null
}

function memberAt(file: string, places: ReadonlyMap<string, Place>, path: string): Member | null {
  let place = places.get(posix.normalize(path))
  for (let links = 0; place && 'target' in place && links < LONGEST_CHAIN; links += 1) place = places.get(place.target)
  return place && 'start' in place ? { file, ...place, alone: false } : null
}
