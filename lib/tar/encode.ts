import type { Entry, Xattrs } from '../diff/entry.js'
import { BLOCK_SIZE, encodeHeader, nameOf, paddingOf, TYPE_FLAGS } from './header.js'
import { asciiOf, encodePaxRecords, type PaxRecords, paxHeaderName, paxRecordsOf } from './pax.js'

/** What ends a tar: two blocks of zeros, without padding to a blocking factor. */
export const END_OF_TAR = Buffer.alloc(2 * BLOCK_SIZE)

/**
 * All the header bytes of an entry: a ustar header, with a PAX header before it where ustar cannot hold it all. The
 * bytes are those that BuildKit writes for the same entry. `xattrs` are the ones to write, all or some of the entry's.
 */
export function encodeEntry(entry: Entry, xattrs: Xattrs | null = entry.xattrs): Buffer {
  const records = paxRecordsOf(entry, xattrs)
  const header = encodeMainHeader(entry, records)
  return records.size === 0 ? header : Buffer.concat([encodePaxHeader(entry, records), header])
}

/** Bytes that an entry takes in a tar, with headers and padding. */
export function encodedSize(entry: Entry): number {
  const plain = paxRecordsOf(entry, entry.xattrs).size === 0
  const header = plain ? BLOCK_SIZE : encodeEntry(entry).length
  return header + entry.size + paddingOf(entry.size)
}

/** What a record has is written without what is not ASCII, for readers that know no records. */
function encodeMainHeader(entry: Entry, records: PaxRecords): Buffer {
  const name = nameOf(entry)
  return encodeHeader({
    name: records.has('path') ? asciiOf(name) : name,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: entry.mtime,
    type: TYPE_FLAGS[entry.type],
    link: records.has('linkpath') ? asciiOf(entry.link) : entry.link,
    device: { major: entry.major, minor: entry.minor }
  })
}

function encodePaxHeader(entry: Entry, records: PaxRecords): Buffer {
  const body = encodePaxRecords(records)
  const header = encodeHeader({
    name: paxHeaderName(nameOf(entry)),
    mode: 0,
    uid: 0,
    gid: 0,
    size: body.length,
    mtime: 0,
    type: 'x',
    link: '',
    device: null
  })
  return Buffer.concat([header, body, Buffer.alloc(paddingOf(body.length))])
}
