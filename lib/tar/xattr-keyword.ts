import type { ByteString } from '../streams/bytes.js'

/** What the PAX keyword of an extended attribute begins with, in star and GNU tar. */
export const XATTR_PREFIX = 'SCHILY.xattr.'

/** The PAX keyword of an extended attribute. A keyword ends at its first `=`, so GNU tar escapes one in the name. */
export function xattrKeyword(name: ByteString): ByteString {
  return XATTR_PREFIX + name.replaceAll('%', '%25').replaceAll('=', '%3D')
}

/** The name that GNU tar escaped; one of another writer, in which a `%` is just that, comes out as it is. */
export function unescapeXattrName(escaped: ByteString): ByteString {
  return escaped.replaceAll('%3D', '=').replaceAll('%25', '%')
}
