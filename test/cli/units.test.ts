import { test } from 'tap'
import { formatBytes, formatSeconds } from '../../lib/cli/units.js'

test('bytes have three digits and a decimal unit', async (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0B'],
    [999, '999B'],
    [1000, '1kB'],
    [1234, '1.23kB'],
    [45_600_000, '45.6MB'],
    [999_999_999, '1000MB'],
    [5e9, '5GB'],
    [2 ** 62, '4612PB']
  ]
  for (const [bytes, text] of cases) t.equal(formatBytes(bytes), text)
})

test('seconds have one decimal', async (t) => {
  t.equal(formatSeconds(1234), '1.2s')
})
