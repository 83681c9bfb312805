import { DAMAGED, Malformed } from './malformed.js'

/**
 * The number in a header field: octal digits between spaces or NULs (POSIX ustar), or base-256 where the first bit
 * is set (GNU, star), which may be negative. An empty field is 0.
 */
export function decodeNumber(block: Buffer, at: number, length: number, field: string): number {
  if (((block[at] ?? 0) & MARKER) !== 0) return decodeBinary(block.subarray(at, at + length), field)
  const end = at + length
  let from = at
  while (from < end && isBlank(block[from])) from += 1
  let value = 0
  for (; from < end && !isBlank(block[from]); from += 1) {
    const digit = (block[from] ?? 0) - ZERO
    if (digit < 0 || digit > 7) throw invalid(field, 'something else')
    value = value * 8 + digit
  }
  return value
}

function decodeBinary(bytes: Buffer, field: string): number {
  const value = BigInt.asIntN(bytes.length * 8 - 1, BigInt(`0x${bytes.toString('hex')}`))
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw invalid(field, String(value))
  return number
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0
}

function invalid(field: string, found: string): Malformed {
  return new Malformed({ expected: `a number as its ${field}`, found, advice: DAMAGED })
}

const MARKER = 0x80
const ZERO = 0x30
