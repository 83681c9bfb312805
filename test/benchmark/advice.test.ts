import fc from 'fast-check'
import { test } from 'tap'
import { adviceVersion, advisedSettings, adviseSetting } from '../../lib/benchmark/advice.js'
import { formatSetting, resolveSetting } from '../../lib/benchmark/setting.js'

const advise = (size: number, ratios: readonly number[]) => formatSetting(adviseSetting(size, ratios))

test('what does not shrink is not compressed', async (t) => {
  t.equal(
    advise(
      100e6,
      advisedSettings.map(() => 1)
    ),
    'uncompressed'
  )
})

test('what shrinks is compressed, and more where it is worth the time', async (t) => {
  const names = advisedSettings.map(formatSetting)
  t.same(names, ['uncompressed', 'zstd:1', 'zstd:3', 'zstd:6', 'zstd:9'])
  t.equal(advise(100e6, [1, 3, 3.5, 4, 4.2]), 'zstd:9')
  t.equal(advise(100e6, [1, 3, 3, 3, 3]), 'zstd:1', 'the least work that comes to the same')
  t.equal(advise(100e6, [1, 20, 25, 26, 26]), 'zstd:3', 'where sending is quick, the compressor must not be slow')
})

test('the advice depends on ratios alone', async () => {
  const ratio = fc.double({ min: 0.9, max: 50, noNaN: true })
  fc.assert(
    fc.property(fc.tuple(ratio, ratio, ratio, ratio), fc.integer({ min: 1024, max: 1e12 }), (others, size) => {
      const ratios = [1, ...others]
      return advise(size, ratios) === advise(2 ** 20, ratios)
    })
  )
})

test('the settings that are advised can be asked for, and name the version', async (t) => {
  for (const setting of advisedSettings) t.same(resolveSetting(setting), setting)
  t.match(adviceVersion(), /^sha256:/)
  t.equal(adviceVersion(), adviceVersion())
})
