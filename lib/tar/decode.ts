import { type ByteString, bytesOfBuffer } from '../streams/bytes.js'
import { BLOCK_SIZE, checksumOf } from './header.js'
import { DAMAGED, Malformed } from './malformed.js'
import { decodeNumber } from './number.js'

/** The fields of one 512-byte header, as they stand in it. */
export interface TarHeader {
  /** With the ustar prefix before it. */
  readonly name: ByteString
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  /** The type flag, one character. */
  readonly flag: ByteString
  readonly link: ByteString
  readonly major: number
  readonly minor: number
}

/**
 * Reads a header of v7, ustar (POSIX pax, "ustar Interchange Format"), star or GNU form.
 *
 * Throws Malformed where the checksum is wrong or a number is none.
 */
export function decodeHeader(block: Buffer): TarHeader {
  verifyChecksum(block)
  const flag = String.fromCharCode(block[156] ?? 0)
  const isDevice = flag === '3' || flag === '4'
  return {
    name: prefixOf(block) + decodeString(block, 0, 100),
    mode: decodeNumber(block, 100, 8, 'mode'),
    uid: decodeNumber(block, 108, 8, 'uid'),
    gid: decodeNumber(block, 116, 8, 'gid'),
    size: decodeNumber(block, 124, 12, 'size'),
    mtime: decodeNumber(block, 136, 12, 'mtime'),
    flag,
    link: decodeString(block, 157, 100),
    major: isDevice ? decodeNumber(block, 329, 8, 'major device number') : 0,
    minor: isDevice ? decodeNumber(block, 337, 8, 'minor device number') : 0
  }
}

/** GNU archives have times where ustar has its prefix, and star has them behind a shorter one. */
function prefixOf(block: Buffer): ByteString {
  if (block.compare(USTAR, 0, USTAR.length, 257, 257 + USTAR.length) !== 0 || block[345] === 0) return ''
  const isStar = block.compare(STAR, 0, STAR.length, 508, BLOCK_SIZE) === 0
  return `${decodeString(block, 345, isStar ? 131 : 155)}/`
}

function decodeString(block: Buffer, at: number, length: number): ByteString {
  let end = at
  while (end < at + length && block[end] !== 0) end += 1
  return bytesOfBuffer(block.subarray(at, end))
}

function verifyChecksum(block: Buffer): void {
  const stored = decodeNumber(block, 148, 8, 'checksum')
  const sum = checksumOf(block)
  if (sum !== stored && signedSum(block) !== stored)
    throw new Malformed({ expected: `a header with the checksum ${stored}`, found: String(sum), advice: DAMAGED })
}

/** Some old programs summed the bytes as signed characters. */
function signedSum(block: Buffer): number {
  let sum = 8 * SPACE
  for (let at = 0; at < BLOCK_SIZE; at += 1) if (at < 148 || at >= 156) sum += block.readInt8(at)
  return sum
}

/** The checksum is taken with spaces in its own place. */
const SPACE = 0x20
const USTAR = Buffer.from('ustar\0')
const STAR = Buffer.from('tar\0')
