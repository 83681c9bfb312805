import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { InputError } from '../../lib/errors.js'
import { flatImage } from '../helpers/flat-image.js'
import { fileEntry } from '../helpers/layer-tar.js'
import { directory, hardlink, modeOf, symlink, write } from '../helpers/save.js'

const hostile: Readonly<Record<string, EntryBatch>> = {
  'a file through a link': [...symlink('door', '../outside'), ...fileEntry('door/file', 'evil')],
  'a directory over a link': [
    ...symlink('door', '../outside'),
    ...directory('door', 0o777),
    ...fileEntry('door/file', 'evil')
  ],
  'a file over a link': [...symlink('door', '../outside/file'), ...fileEntry('door', 'evil')],
  'a hard link through a link': [...symlink('door', '../outside'), ...hardlink('mine', 'door/file')],
  'a hard link above the root': hardlink('mine', '../outside/file'),
  'a hard link to an absolute path': hardlink('mine', '/etc/passwd'),
  'a path above the root': fileEntry('../outside/file', 'evil'),
  'a path that turns around': fileEntry('a/../../outside/file', 'evil'),
  'an absolute path': fileEntry('/etc/layerpipe', 'evil'),
  'a path longer than any program can use': fileEntry(`${'d/'.repeat(2500)}file`, 'evil'),
  'a name with NUL': fileEntry('a\0b', 'evil'),
  'an empty name': fileEntry('', 'evil'),
  'a fifo over a file': [...fileEntry('a', 'x'), createEntry({ path: 'a', type: 'fifo', mode: 0o644 })],
  'a path twice': [...fileEntry('a', 'x'), ...fileEntry('a', 'y')],
  'a whiteout': [createEntry({ path: 'a', type: 'whiteout' })],
  'a body that is too short': [createEntry({ path: 'a', type: 'file', size: 5 }), Buffer.from('abc')],
  'a body that is too long': [createEntry({ path: 'a', type: 'file', size: 2 }), Buffer.from('abc')]
}

for (const [what, entries] of Object.entries(hostile)) {
  test(`${what} is refused, and nothing is left`, async (t) => {
    const root = t.testdir({ outside: { file: 'precious' }, full: { file: 'precious' } })
    for (const destination of [join(root, 'out'), join(root, 'full')]) {
      await t.rejects(write(flatImage(entries), { destination }), InputError)
    }
    t.same(readdirSync(root, { recursive: true }).sort(), ['full', 'full/file', 'outside', 'outside/file'])
    for (const path of ['full/file', 'outside/file']) t.equal(readFileSync(join(root, path), 'utf8'), 'precious')
    t.not(modeOf(join(root, 'outside')), 0o777)
  })
}

test('a deep tree is written, and removed again', async (t) => {
  const destination = join(t.testdir({ out: {} }), 'out')
  await write(flatImage(fileEntry(`${'d/'.repeat(300)}file`, 'deep')), { destination })
  await write(flatImage(fileEntry('d', 'a file')), { destination, mode: 'delete' })
  t.same(readdirSync(destination), ['d'])
  t.equal(readFileSync(join(destination, 'd'), 'utf8'), 'a file')
})

test('links in the destination are replaced, never followed', async (t) => {
  const root = t.testdir({ outside: { file: 'precious', dir: { deep: 'precious' } }, out: {} })
  const at = (path: string): string => join(root, path)
  symlinkSync('../outside/file', at('out/file'))
  symlinkSync('../outside/dir', at('out/dir'))
  symlinkSync('../outside', at('out/link'))
  await write(
    flatImage(
      directory('dir'),
      fileEntry('dir/deep', 'written'),
      fileEntry('file', 'written'),
      directory('link', 0o700),
      fileEntry('link/file', 'written')
    ),
    { destination: at('out'), mode: 'delete' }
  )
  t.equal(readFileSync(at('outside/file'), 'utf8'), 'precious')
  t.equal(readFileSync(at('outside/dir/deep'), 'utf8'), 'precious')
  t.not(modeOf(at('outside')), 0o700)
  for (const path of ['out/file', 'out/dir/deep', 'out/link/file']) t.equal(readFileSync(at(path), 'utf8'), 'written')
})
