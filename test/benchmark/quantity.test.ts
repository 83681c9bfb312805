import { test } from 'tap'
import { formatBandwidth, parseBandwidth, parseSize } from '../../lib/benchmark/quantity.js'
import { UsageError } from '../../lib/errors.js'

test('bandwidths are bits per second, in decimal units', async (t) => {
  t.equal(parseBandwidth('100mbit'), 100e6)
  t.equal(parseBandwidth('1.5Gbit'), 1.5e9)
  t.equal(parseBandwidth('64kbit'), 64e3)
})

test('sizes are bytes, in decimal and in binary units', async (t) => {
  t.equal(parseSize('64MB'), 64e6)
  t.equal(parseSize('1.5GiB'), 1.5 * 2 ** 30)
  t.equal(parseSize('512b'), 512)
  t.equal(parseSize('0.5B'), 1)
})

test('a bandwidth is written as it is read', async (t) => {
  for (const text of ['64kbit', '100mbit', '2.5gbit', '10gbit']) t.equal(formatBandwidth(parseBandwidth(text)), text)
})

test('what is no bandwidth or no size is refused, with what would be one', async (t) => {
  for (const text of ['', '100', 'mbit', '0mbit', '-1mbit', '1e9mbit', '100MB', '1 gbit', '100mbits']) {
    t.throws(() => parseBandwidth(text), UsageError, text)
    t.throws(() => parseBandwidth(text), /as in 100mbit/, text)
  }
  for (const text of ['', '64', '64mbit', '0MB', '64 MB', 'all']) t.throws(() => parseSize(text), /as in 64MB/, text)
})
