import { chmodSync, lstatSync, mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { STATS_FIELDS } from '../../lib/diff/file-stats.js'
import { listDirectory } from '../../lib/diff/listing.js'
import { bytesOfText } from '../../lib/streams/bytes.js'

test('a listing has the names in byte order, and of each what lstat says', (t) => {
  const directory = t.testdir({ file: 'text', 'a-b': '', a: { b: '' }, ü: '' })
  symlinkSync('nowhere', join(directory, 'link'))
  utimesSync(join(directory, 'file'), 1, -1.5)
  const { names, stats, settledAt } = listDirectory(bytesOfText(directory))
  t.same(names, ['a', 'a-b', 'file', 'link', bytesOfText('ü')])
  for (const [index, name] of ['a', 'a-b', 'file', 'link', 'ü'].entries()) {
    const expected = lstatSync(join(directory, name), { bigint: true })
    for (const field of STATS_FIELDS) t.equal(stats(index)[field], expected[field], `${field} of ${name}`)
    t.ok(settledAt >= Number(expected.ctimeMs))
  }
  t.end()
})

test('the numbers of a listing are others after any change', (t) => {
  const directory = t.testdir({ a: 'text', b: {} })
  const read = () => Buffer.from(listDirectory(bytesOfText(directory)).numbers)
  const before = read()
  t.same(read(), before)
  chmodSync(join(directory, 'a'), 0o600)
  const after = read()
  t.notSame(after, before)
  mkdirSync(join(directory, 'b/c'))
  t.notSame(read(), after)
  t.end()
})
