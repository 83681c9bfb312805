import { lstatSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import { timeOf } from '../../lib/save/times.js'

test('a time arrives at less than a microsecond off, and whole microseconds do not lose one', (t) => {
  const path = join(t.testdir({ file: '' }), 'file')
  const arrival = (mtime: number, nanoseconds: number): bigint => {
    const time = timeOf({ mtime, nanoseconds })
    utimesSync(path, time, time)
    return lstatSync(path, { bigint: true }).mtimeNs
  }
  writeFileSync(path, '')
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 32 }),
      fc.integer({ min: 0, max: 999_999_999 }),
      (mtime, nanoseconds) => {
        const wanted = BigInt(mtime) * 1_000_000_000n + BigInt(nanoseconds)
        const off = arrival(mtime, nanoseconds) - wanted
        return off > -1000n && off < 1000n
      }
    )
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      fc.integer({ min: 0, max: 999_999 }),
      (mtime, microseconds) => {
        const wanted = BigInt(mtime) * 1_000_000n + BigInt(microseconds)
        return (arrival(mtime, microseconds * 1000) + 500n) / 1000n === wanted
      }
    )
  )
  t.equal(arrival(-2, 500_000_000), -1_500_000_000n)
  t.equal(arrival(0, 0), 0n)
  t.end()
})
