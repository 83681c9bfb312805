import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createDirectoryTree } from '../../lib/build/directory-tree.js'
import { createListedDirectories } from '../../lib/build/listed-directories.js'
import { listDirectory } from '../../lib/diff/listing.js'
import { bytesOfText } from '../../lib/streams/bytes.js'

test('a build that waited for its base failed of a link that had gone since its directory was listed', async (t) => {
  const root = t.testdir()
  const location = bytesOfText(root)
  symlinkSync('target', join(root, 'link'))
  let now = 0
  const listed = createListedDirectories(() => now)
  listed.add(location, listDirectory(location))
  now += 2000
  rmSync(join(root, 'link'))
  t.same(createDirectoryTree(root, { listed }).names(''), [])
})

test('a tree takes what has been listed for it, once, and lists the rest', async (t) => {
  const root = t.testdir({ a: { b: '' } })
  const location = bytesOfText(root)
  const listed = createListedDirectories(() => 0)
  listed.add(location, listDirectory(location))
  rmSync(join(root, 'a/b'))
  const tree = createDirectoryTree(root, { listed })
  t.same([tree.names(''), tree.names('a'), listed.take(location)], [['a'], [], null])
})
