import { UsageError } from '../errors.js'

/**
 * Reads a bandwidth, `100mbit` or `1.5gbit`, as bits per second.
 *
 * @throws UsageError
 */
export function parseBandwidth(text: string): number {
  return parseQuantity(text, BITS, 'read bandwidth', 'a number of kbit, mbit or gbit above zero, as in 100mbit')
}

/**
 * Reads an amount of bytes, `64MB`, `1.5GiB`.
 *
 * @throws UsageError
 */
export function parseSize(text: string): number {
  return Math.ceil(
    parseQuantity(
      text,
      BYTES,
      'read size',
      'a number of B, kB, MB, GB, TB, KiB, MiB, GiB or TiB above zero, as in 64MB'
    )
  )
}

/** "100mbit", of bits per second. */
export function formatBandwidth(bandwidth: number): string {
  const [unit, factor] = Object.entries(BITS).findLast(([, each]) => bandwidth >= each) ?? ['bit', 1]
  return `${Number((bandwidth / factor).toPrecision(4))}${unit}`
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>, operation: string, expected: string) {
  const [, digits = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)([a-z]*)$/i.exec(text) ?? []
  const quantity = Number(digits) * (units[unit.toLowerCase()] ?? 0)
  if (quantity > 0) return quantity
  throw new UsageError({ operation, subject: JSON.stringify(text), expected, found: 'something else' })
}

const BITS: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 }

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40
}
