import type { Entry, Xattrs } from '../diff/entry.js'
import { type ByteString, bytesOfBuffer, isAscii } from '../streams/bytes.js'
import { LARGEST_ID, LARGEST_NUMBER, NAME_LENGTH, nameOf } from './header.js'
import { xattrKeyword } from './xattr-keyword.js'

/** PAX records by keyword, both as bytes (POSIX.1-2001, pax "Extended Header"). */
export type PaxRecords = ReadonlyMap<ByteString, ByteString>

/** The records that an entry needs because its ustar header cannot say it: none, for nearly all entries. */
export function paxRecordsOf(entry: Entry, xattrs: Xattrs | null): PaxRecords {
  const records = new Map<ByteString, ByteString>()
  const name = nameOf(entry)
  if (!fitsName(name)) records.set('path', name)
  if (!fitsName(entry.link)) records.set('linkpath', entry.link)
  if (entry.uid > LARGEST_ID) records.set('uid', String(entry.uid))
  if (entry.gid > LARGEST_ID) records.set('gid', String(entry.gid))
  if (entry.size > LARGEST_NUMBER) records.set('size', String(entry.size))
  if (entry.mtime < 0 || entry.mtime > LARGEST_NUMBER) records.set('mtime', String(entry.mtime))
  for (const [key, value] of xattrs ?? []) records.set(xattrKeyword(key), bytesOfBuffer(value))
  return records
}

/** The body of a PAX header: `length keyword=value\n` each, in the order of the keywords. */
export function encodePaxRecords(records: PaxRecords): Buffer {
  const keys = [...records.keys()].sort()
  return Buffer.from(keys.map((key) => encodeRecord(key, records.get(key) ?? '')).join(''), 'latin1')
}

/** The name of the PAX header of an entry: `<dir>/PaxHeaders.0/<base>`, ASCII, cut to fit the field. */
export function paxHeaderName(name: ByteString): ByteString {
  const slash = name.lastIndexOf('/') + 1
  const path = `${name.slice(0, slash)}PaxHeaders.0/${name.slice(slash)}`
  return asciiOf(path).slice(0, NAME_LENGTH).replace(/\/+$/, '')
}

/** What is left of a name without the bytes that a ustar header must not hold. */
export function asciiOf(name: ByteString): ByteString {
  return isAscii(name) ? name : name.replace(/[^\x01-\x7f]/g, '')
}

function fitsName(name: ByteString): boolean {
  return name.length <= NAME_LENGTH && isAscii(name)
}

/** The length counts itself, so that one more digit can make one more digit needed. */
function encodeRecord(key: ByteString, value: ByteString): ByteString {
  const rest = ` ${key}=${value}\n`
  let length = rest.length + String(rest.length).length
  if (rest.length + String(length).length !== length) length = rest.length + String(length).length
  return `${length}${rest}`
}
