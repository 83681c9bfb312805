import { Readable } from 'node:stream'
import { test } from 'tap'
import { createEntry, type EntryType } from '../../lib/diff/entry.js'
import { type PackHandling, packEntries } from '../../lib/tar/pack.js'

function pack(path: string, type: EntryType, handling?: PackHandling): Promise<unknown> {
  return Readable.from([[createEntry({ path, type })]])
    .compose(packEntries({}, handling))
    .toArray()
}

test('a file called .wh.NAME became the deletion of NAME in the layer', async (t) => {
  for (const [path, type] of [
    ['.wh.a', 'file'],
    ['d/.wh.a', 'symlink'],
    ['.wh.d', 'directory'],
    ['.wh.d/a', 'file'],
    ['.wh..wh..opq', 'file']
  ] as const) {
    await t.rejects(pack(path, type), { code: 'ERR_INPUT', message: `pack entry: ${path}: expected a name that` })
    await t.resolves(pack(path, type, { whiteouts: false }), 'a root file system can hold it')
  }
})

test('deletions are packed, and so are names that only have .wh. in them', async (t) => {
  for (const type of ['whiteout', 'opaque', 'file'] as const) await t.resolves(pack('d/a.wh.b', type))
  await t.resolves(pack('', 'opaque'))
})
