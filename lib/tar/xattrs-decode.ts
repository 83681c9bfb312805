import type { Xattrs } from '../diff/entry.js'
import { type ByteString, bytesOfBuffer, printable } from '../streams/bytes.js'
import { DAMAGED, Malformed } from './malformed.js'
import type { PaxRecords } from './pax-decode.js'
import { unescapeXattrName, XATTR_PREFIX } from './xattr-keyword.js'

/** The extended attributes among PAX records, as star and GNU tar write them (raw) and as libarchive does (base64). */
export function decodeXattrs(records: PaxRecords): Xattrs {
  const xattrs = new Map<ByteString, Buffer>()
  for (const [key, value] of records) {
    if (key.startsWith(XATTR_PREFIX)) xattrs.set(unescapeXattrName(nameOf(key, XATTR_PREFIX)), Buffer.from(value))
    else if (key.startsWith(LIBARCHIVE)) {
      const name = nameOf(key, LIBARCHIVE).replace(/%([0-9A-Fa-f]{2})/g, (_all, hex) => byteOf(hex))
      if (!records.has(XATTR_PREFIX + name)) xattrs.set(name, decodeBase64(key, value))
    }
  }
  return xattrs
}

function nameOf(key: ByteString, prefix: ByteString): ByteString {
  const name = key.slice(prefix.length)
  if (name !== '' && !name.includes('\0') && !name.includes('%00')) return name
  throw new Malformed({ expected: 'an attribute with a name', found: printable(key), advice: DAMAGED })
}

function byteOf(hex: string): ByteString {
  return String.fromCharCode(Number.parseInt(hex, 16))
}

function decodeBase64(key: ByteString, value: Buffer): Buffer {
  const text = bytesOfBuffer(value)
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, 'base64')
  throw new Malformed({ expected: `base64 as PAX ${printable(key)}`, found: 'something else', advice: DAMAGED })
}

const LIBARCHIVE = 'LIBARCHIVE.xattr.'
