import { Readable } from 'node:stream'
import { test } from 'tap'
import { createEntry, type Entry, type EntryBatch } from '../../lib/diff/entry.js'
import { checkEntries } from '../../lib/stages/check-entries.js'
import { fileEntry, sampleEntries } from '../helpers/layer-tar.js'

function check(...batches: readonly EntryBatch[]): Promise<readonly EntryBatch[]> {
  return Readable.from(batches).compose(checkEntries('rename')).toArray()
}

test("a user's stage made layers with a path twice, or with one outside of the root", async (t) => {
  const link = (target: string): Entry => createEntry({ path: 'h', type: 'hardlink', link: target })
  const wrong: readonly (readonly [EntryBatch, RegExp])[] = [
    [[...fileEntry('a', 'x'), ...fileEntry('a', 'y')], /stage rename, entry a: expected every path once/],
    [[createEntry({ path: 'a', type: 'directory' }), ...fileEntry('a', '')], /every path once/],
    [fileEntry('../a', 'x'), /stage rename, entry \.\.\/a: expected a path that stays below the root/],
    [fileEntry('/a', 'x'), /expected a path below the root, .*, found \/a\. Change what the stage gives/],
    [fileEntry('a//b', 'x'), /found a\/\/b/],
    [fileEntry('./a', 'x'), /found \.\/a/],
    [[createEntry({ path: 'a/', type: 'directory' })], /found a\//],
    [fileEntry('', 'x'), /found none/],
    [[link('../a')], /a link target that stays below the root/],
    [[link('/a')], /expected a link target below the root/],
    [[link('')], /found none/]
  ]
  for (const [batch, message] of wrong) await t.rejects(check(batch), { code: 'ERR_INPUT', message })
  await t.rejects(check(fileEntry('a', 'x'), fileEntry('a', 'y')), { code: 'ERR_INPUT' }, 'in two batches')
})

test('entries in order pass as they are, deletions beside what comes anew', async (t) => {
  const batch: EntryBatch = [
    createEntry({ path: '', type: 'opaque' }),
    ...sampleEntries,
    createEntry({ path: 'bin', type: 'directory' }),
    createEntry({ path: 'link', type: 'whiteout' }),
    createEntry({ path: 's', type: 'symlink', link: '/../x//' })
  ]
  const [passed] = await check(batch)
  t.equal(passed, batch)
})
