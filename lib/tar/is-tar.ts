import { BLOCK_SIZE, checksumOf } from './header.js'

/** Where the checksum stands in a header. */
const CHECKSUM = { start: 148, end: 156 }

/** Whether bytes begin with the header of a tar, of whatever form: its checksum is right in all of them. */
export function isTarHeader(bytes: Buffer): boolean {
  if (bytes.length < BLOCK_SIZE) return false
  const text = bytes.toString('latin1', CHECKSUM.start, CHECKSUM.end)
  return checksumOf(bytes) === Number.parseInt(text.replace(/[^0-7]/g, ' ').trim(), 8)
}
