import type { Entry, EntryType } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'

/** Every header, and the padding of every body, is a multiple of this (POSIX.1-1988, ustar). */
export const BLOCK_SIZE = 512

/** The largest values that fit the octal fields, which keep one byte for a NUL. */
export const LARGEST_ID = 0o7777777
export const LARGEST_NUMBER = 0o77777777777

/** A name or link target longer than this does not fit its field. */
export const NAME_LENGTH = 100

/** The fields of one ustar header, as they will stand there: names with their trailing slash, numbers that fit. */
export interface HeaderFields {
  readonly name: ByteString
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  readonly type: string
  readonly link: ByteString
  /** Null leaves the fields empty, as Go does for PAX headers. */
  readonly device: { readonly major: number; readonly minor: number } | null
}

/** The type flag of each kind of entry (POSIX.1-1988, ustar typeflag); a whiteout is an empty regular file. */
export const TYPE_FLAGS: Readonly<Record<EntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
  whiteout: '0',
  opaque: '0'
}

/**
 * One 512-byte ustar header. Numbers are octal, padded with zeros up to a closing NUL; one that does not fit becomes
 * 0, and its true value stands in a PAX record. User and group names are left empty.
 */
export function encodeHeader(fields: HeaderFields): Buffer {
  const header = Buffer.from(EMPTY_HEADER)
  writeName(header, 0, fields.name)
  writeOctal(header, 100, 8, fields.mode)
  writeOctal(header, 108, 8, fields.uid)
  writeOctal(header, 116, 8, fields.gid)
  writeOctal(header, 124, 12, fields.size)
  writeOctal(header, 136, 12, fields.mtime)
  header[TYPE_OFFSET] = fields.type.charCodeAt(0)
  writeName(header, 157, fields.link)
  if (fields.device) {
    writeOctal(header, 329, 8, fields.device.major)
    writeOctal(header, 337, 8, fields.device.minor)
  }
  writeOctal(header, CHECKSUM_OFFSET, 7, checksumOf(header))
  header[CHECKSUM_OFFSET + 7] = SPACE
  return header
}

const CHECKSUM_OFFSET = 148
const TYPE_OFFSET = 156
const SPACE = 0x20
const ZERO = 0x30

/** Magic and version, and zeros. */
const EMPTY_HEADER = Buffer.alloc(BLOCK_SIZE)
EMPTY_HEADER.write('ustar\x0000', 257, 8, 'latin1')

/** The sum of all bytes of a header, with the checksum's own field counted as spaces. */
export function checksumOf(header: Buffer): number {
  let sum = 8 * SPACE
  for (let at = 0; at < CHECKSUM_OFFSET; at += 1) sum += header[at] ?? 0
  for (let at = TYPE_OFFSET; at < BLOCK_SIZE; at += 1) sum += header[at] ?? 0
  return sum
}

/** Bytes from the end of a body of `size` bytes to the next block. */
export function paddingOf(size: number): number {
  return (BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE
}

/** The path as a header has it: a directory's ends in a slash, a whiteout's is that of its marker. */
export function nameOf(entry: Pick<Entry, 'path' | 'type'>): ByteString {
  if (entry.type === 'directory') return `${entry.path}/`
  if (entry.type === 'opaque') return `${entry.path}/.wh..wh..opq`.replace(/^\//, '') // the root has an empty path
  if (entry.type !== 'whiteout') return entry.path
  const slash = entry.path.lastIndexOf('/') + 1
  return `${entry.path.slice(0, slash)}.wh.${entry.path.slice(slash)}`
}

/**
 * Cut at the field's end. A name that is cut just behind a slash loses the slash, because some readers take a
 * regular file whose name field ends in one for a directory, whatever its PAX record says.
 */
function writeName(header: Buffer, at: number, name: ByteString): void {
  const cut = name.length > NAME_LENGTH ? name.slice(0, NAME_LENGTH).replace(/\/+$/, '') : name
  header.write(cut, at, NAME_LENGTH, 'latin1')
}

/** The field's last byte stays NUL. Digit by digit, because thousands of short strings take several times as long. */
function writeOctal(header: Buffer, at: number, length: number, value: number): void {
  let rest = value >= 0 && value <= (length > 8 ? LARGEST_NUMBER : LARGEST_ID) ? value : 0
  for (let place = at + length - 2; place >= at; place -= 1) {
    header[place] = ZERO + (rest % 8)
    rest = Math.floor(rest / 8)
  }
}
