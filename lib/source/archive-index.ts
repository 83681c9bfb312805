import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import type { Entry } from '../diff/entry.js'
import { bytesOfText } from '../streams/bytes.js'
import { createTarReader } from '../tar/reader.js'
import type { Member, Members } from './members.js'

/** What an index keeps of an entry: where its body is, or the path of the entry that it links to. */
type Place = { readonly start: number; readonly size: number } | { readonly target: string }

/** Old archives of docker save link a layer to its equal once; longer chains are nobody's. */
const LONGEST_CHAIN = 8

/**
 * The members of an uncompressed tar that lies in a file. Reads it once, to its end, and keeps only where its entries
 * are. A damaged, truncated or unsafe archive is an InputError.
 */
export async function indexArchive(file: string, subject: string): Promise<Members> {
  const places = new Map<string, Place>()
  const reader = createTarReader(
    subject,
    {
      entry: (entry, _header, body) => {
        const place = placeOf(entry, body)
        if (place) places.set(entry.path, place)
      },
      piece: () => {}
    },
    false
  )
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) reader.push(chunk)
  reader.end()
  return { subject, find: async (path) => memberAt(file, places, bytesOfText(path)) }
}

const CHUNK = 2 ** 20

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
