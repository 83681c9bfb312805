import { test } from 'tap'
import { defaultSettings } from '../../lib/benchmark/default-settings.js'
import { parseSettings } from '../../lib/benchmark/parse-settings.js'
import { formatSetting, outputKeysOf, resolveSetting } from '../../lib/benchmark/setting.js'
import { UsageError } from '../../lib/errors.js'

const read = (text: string) => parseSettings(text).map(formatSetting).join(' ')

test('settings are codecs with levels and ranges of levels', async (t) => {
  t.equal(read('gzip'), 'gzip:6')
  t.equal(read('uncompressed'), 'uncompressed')
  t.equal(read('gzip:7-9,zstd:19'), 'gzip:7 gzip:8 gzip:9 zstd:19')
  t.equal(read('zstd:1,3,20-22,gzip:0'), 'zstd:1 zstd:3 zstd:20 zstd:21 zstd:22 gzip:0')
})

test('a setting that is named twice is tried once', async (t) => {
  t.equal(read('gzip:5-6,gzip,gzip:6-7'), 'gzip:5 gzip:6 gzip:7')
})

const mistakes: readonly (readonly [text: string, message: RegExp])[] = [
  ['', /expected one of uncompressed, gzip/],
  ['lzma', /expected one of uncompressed, gzip.*found "lzma"/],
  ['gzp:1-9', /Did you mean "gzip"\?/],
  ['6,gzip', /found "6"/],
  ['gzip:10', /expected levels from 0 to 9 for gzip, found "10"/],
  ['gzip:1-10', /expected levels from 0 to 9 for gzip, found "1-10"/],
  ['zstd:1-23', /expected levels from 0 to 22 for zstd/],
  ['zstd:9-1', /expected levels from 0 to 22 for zstd, found "9-1"/],
  ['zstd:-1', /expected levels from 0 to 22 for zstd/],
  ['zstd:1,x', /found "x"/],
  ['uncompressed:1', /expected no level for uncompressed/]
]

for (const [text, message] of mistakes) {
  test(`settings ${JSON.stringify(text)} are refused`, async (t) => {
    t.throws(() => parseSettings(text), UsageError)
    t.throws(() => parseSettings(text), message)
  })
}

test('a setting says what asks an output for it', async (t) => {
  t.equal(outputKeysOf({ codec: 'zstd', level: 9 }), 'compression=zstd,compression-level=9')
  t.equal(outputKeysOf({ codec: 'uncompressed', level: null }), 'compression=uncompressed')
})

test('a setting without a level gets that of the codec', async (t) => {
  t.same(resolveSetting({ codec: 'gzip', level: null }), { codec: 'gzip', level: 6 })
  t.same(resolveSetting({ codec: 'uncompressed', level: null }), { codec: 'uncompressed', level: null })
  t.throws(() => resolveSetting({ codec: 'gzip', level: 10 }), /a level from 0 to 9/)
})

test('the default settings are of every codec that compresses, and valid', async (t) => {
  const names = new Set(defaultSettings().map(({ codec }) => codec))
  t.ok(names.has('gzip') && names.has('zstd') && !names.has('uncompressed'))
  for (const setting of defaultSettings()) resolveSetting(setting)
})
