import type { Xattrs } from '../diff/entry.js'
import { type ByteString, bytesOfBuffer, printable } from '../streams/bytes.js'
import { DAMAGED, Malformed } from './malformed.js'
import { decodePaxNumber, decodePaxTime, type PaxRecords, type PaxTime } from './pax-decode.js'
import { decodeXattrs } from './xattrs-decode.js'

/** What extended headers say of the entry behind them. Null takes back what a global header said. */
export interface Extended {
  readonly path?: ByteString | null
  readonly link?: ByteString | null
  readonly size?: number | null
  readonly uid?: number | null
  readonly gid?: number | null
  readonly time?: PaxTime | null
  readonly xattrs?: Xattrs | null
  /** Whether the body is a part of what the file holds, and a map says where it belongs. */
  readonly isSparse?: boolean
}

/** The name in the body of a GNU `L` or `K` header, which ends with a NUL. */
export function decodeLongName(body: Buffer): ByteString {
  const end = body.indexOf(0)
  if (end >= 0 && body.subarray(end).some((byte) => byte !== 0)) throw withNul(bytesOfBuffer(body))
  return bytesOfBuffer(end < 0 ? body : body.subarray(0, end))
}

/** What an `x` header says of one entry. */
export function extendedOf(records: PaxRecords): Extended {
  const xattrs = decodeXattrs(records)
  const sparse = isSparse(records) && { isSparse: true, ...take('path', records, 'GNU.sparse.name', decodeName) }
  return { ...sharedOf(records), ...namesOf(records), ...sparse, ...(xattrs.size > 0 && { xattrs }) }
}

/** What a `g` header says of all entries after it. One that names or sizes them all alike is not believed. */
export function globalOf(records: PaxRecords): Extended {
  if (isSparse(records)) throw sparse()
  const { path, link, size } = namesOf(records)
  if (path != null || link != null || size != null || decodeXattrs(records).size > 0) {
    const found = 'one that gives all of them the same name, size or attributes'
    throw new Malformed({ expected: 'a global PAX header that suits all entries', found, advice: DAMAGED })
  }
  return sharedOf(records)
}

function sharedOf(records: PaxRecords): Pick<Extended, 'uid' | 'gid' | 'time'> {
  return {
    ...take('uid', records, 'uid', decodePaxNumber),
    ...take('gid', records, 'gid', decodePaxNumber),
    ...take('time', records, 'mtime', decodePaxTime)
  }
}

function namesOf(records: PaxRecords): Pick<Extended, 'path' | 'link' | 'size'> {
  return {
    ...take('path', records, 'path', decodeName),
    ...take('link', records, 'linkpath', decodeName),
    ...take('size', records, 'size', decodePaxNumber)
  }
}

function take<K extends string, T>(
  field: K,
  records: PaxRecords,
  key: ByteString,
  decode: (key: ByteString, value: Buffer) => T
): Partial<Record<K, T | null>> {
  const value = records.get(key)
  if (value === undefined) return {}
  const found: Partial<Record<K, T | null>> = {}
  found[field] = value.length === 0 ? null : decode(key, value)
  return found
}

function decodeName(_key: ByteString, value: Buffer): ByteString {
  const name = bytesOfBuffer(value)
  if (name.includes('\0')) throw withNul(name)
  return name
}

function isSparse(records: PaxRecords): boolean {
  for (const key of records.keys()) {
    if (key.startsWith('GNU.sparse.') || key === 'SCHILY.realsize' || key === 'SUN.holesdata') return true
  }
  return false
}

/** Sparse maps say that a body stands for another, larger one. */
export function sparse(): Malformed {
  const advice = 'make the archive anew without --sparse'
  return new Malformed({ expected: 'contents that are stored whole', found: 'a sparse file', advice })
}

function withNul(name: ByteString): Malformed {
  return new Malformed({
    expected: 'a name without NUL',
    found: printable(name.slice(0, 200)),
    advice: DAMAGED
  })
}
