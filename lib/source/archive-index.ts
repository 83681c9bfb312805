import { posix } from 'node:path'
import type { Entry } from '../diff/entry.js'
import { bytesOfText } from '../streams/bytes.js'
import { createTarReader } from '../tar/reader.js'
import type { Member, Members } from './members.js'
import { readHeaders } from './read-headers.js'

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
  await readHeaders(file, reader)
  return { subject, find: async (path) => memberAt(file, places, bytesOfText(path)) }
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
  return place && 'start' in place ? { file, ...place } : null
}
