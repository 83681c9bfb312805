import { type ByteString, bytesOfBuffer, printable } from '../streams/bytes.js'
import { DAMAGED, Malformed } from './malformed.js'

/** Key and value of the records of one extended header, as bytes. An empty value takes back what was said before. */
export type PaxRecords = ReadonlyMap<ByteString, Buffer>

/** A time that a PAX record gives, in seconds and nanoseconds since 1970. */
export interface PaxTime {
  readonly seconds: number
  readonly nanoseconds: number
}

/** Reads the body of a PAX extended header: records of `LENGTH KEY=VALUE\n` (POSIX pax, "pax Extended Header"). */
export function decodePax(body: Buffer): PaxRecords {
  const records = new Map<ByteString, Buffer>()
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at)
    const digits = space < 0 || space - at > LONGEST_LENGTH ? '' : bytesOfBuffer(body.subarray(at, space))
    const end = at + Number(digits)
    if (!/^[1-9]\d*$/.test(digits) || end > body.length || body[end - 1] !== 0x0a) throw lying(at)
    const equals = body.indexOf(0x3d, space)
    if (equals <= space + 1 || equals >= end) throw lying(at)
    records.set(bytesOfBuffer(body.subarray(space + 1, equals)), body.subarray(equals + 1, end - 1))
    at = end
  }
  return records
}

/** A whole, non-negative number: `size`, `uid`, `gid`. */
export function decodePaxNumber(key: ByteString, value: Buffer): number {
  const digits = bytesOfBuffer(value)
  const number = Number(digits)
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(number)) throw invalid(key, digits)
  return number
}

/** Seconds with an optional fraction, perhaps negative: `mtime`. Digits beyond nanoseconds are cut off. */
export function decodePaxTime(key: ByteString, value: Buffer): PaxTime {
  const text = bytesOfBuffer(value)
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(text) ?? []
  if (whole === undefined) throw invalid(key, text)
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'))
  if (sign === '') return { seconds: Number(whole), nanoseconds }
  if (nanoseconds === 0) return { seconds: 0 - Number(whole), nanoseconds: 0 }
  return { seconds: -1 - Number(whole), nanoseconds: 1_000_000_000 - nanoseconds }
}

function lying(at: number): Malformed {
  const found = `one at byte ${at} of it whose length is wrong`
  return new Malformed({ expected: 'PAX records', found, advice: DAMAGED })
}

function invalid(key: ByteString, found: ByteString): Malformed {
  return new Malformed({ expected: `a number as PAX ${key}`, found: printable(found.slice(0, 40)), advice: DAMAGED })
}

/** More digits than the largest extended header has bytes; it keeps the search for the space short. */
const LONGEST_LENGTH = 8
