import { BLOCK_SIZE } from './header.js'

/** Where the checksum stands in a header, and how long it is. */
const CHECKSUM = { start: 148, end: 156 }

/** Whether bytes begin with the header of a tar, of whatever form: its checksum is right in all of them. */
export function isTarHeader(bytes: Buffer): boolean {
  if (bytes.length < BLOCK_SIZE) return false
  const text = bytes.toString('latin1', CHECKSUM.start, CHECKSUM.end)
  const declared = Number.parseInt(text.replace(/[^0-7]/g, ' ').trim(), 8)
  let sum = 0
  for (let at = 0; at < BLOCK_SIZE; at += 1) {
    const isChecksum = at >= CHECKSUM.start && at < CHECKSUM.end
    sum += isChecksum ? 0x20 : (bytes[at] ?? 0)
  }
  return sum === declared
}
