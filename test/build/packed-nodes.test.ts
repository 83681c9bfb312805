import { test } from 'tap'
import { packNodes } from '../../lib/build/packed-nodes.js'
import type { Origin, TreeNode } from '../../lib/build/tree.js'
import { createEntry } from '../../lib/diff/entry.js'

const origin = (): Origin => ({
  async *contents() {},
  open: () => {
    throw new TypeError('nothing to read')
  }
})

test('nodes come out as they went in, whatever is in them', (t) => {
  const [one, other, inode] = [origin(), origin(), {}]
  const file = createEntry({
    path: 'a/\xff',
    type: 'file',
    mode: 0o4755,
    uid: 2 ** 32 - 2,
    gid: 7,
    size: 2 ** 40,
    mtime: -5
  })
  const nodes: readonly TreeNode[] = [
    {
      entry: createEntry({ path: 'a', type: 'directory', mode: 0o755, nanoseconds: 999_999_999 }),
      body: null,
      inode: null
    },
    { entry: { ...file, identity: '1:2:3' }, body: { origin: one, path: 'a/\xff', identity: '1:2:3' }, inode },
    {
      entry: { ...file, path: 'b', identity: '1:2:3' },
      body: { origin: one, path: 'elsewhere', identity: 'x' },
      inode
    },
    { entry: { ...file, path: 'c' }, body: { origin: other, path: 'c', identity: null }, inode: null },
    { entry: createEntry({ path: 'd', type: 'symlink', link: 'a/b' }), body: null, inode: null },
    { entry: createEntry({ path: 'e', type: 'block-device', major: 8, minor: 1 }), body: null, inode: null },
    { entry: { ...file, path: 'f', xattrs: new Map([['user.x', Buffer.from('y')]]) }, body: null, inode: null }
  ]
  const packed = packNodes(nodes)
  const found = nodes.map((_, index) => packed.node(index))
  t.strictSame(
    found.map(({ entry }) => entry),
    nodes.map(({ entry }) => entry)
  )
  for (const [index, { body, inode }] of nodes.entries()) {
    t.equal(found[index]?.inode, inode)
    t.equal(found[index]?.body?.origin, body?.origin)
    t.same([found[index]?.body?.path, found[index]?.body?.identity], [body?.path, body?.identity])
  }
  t.end()
})

test('a path is found in any order, and one that is not there is not', (t) => {
  const paths = ['a', 'a/b', 'a/b/c', 'a-b', 'b', 'b/\xe9']
  const packed = packNodes(
    paths.map((path) => ({ entry: createEntry({ path, type: 'directory' }), body: null, inode: null }))
  )
  for (const path of [...paths, ...paths.toReversed(), 'b', 'a', 'a/b/c'])
    t.equal(packed.find(path), paths.indexOf(path))
  for (const path of ['', '0', 'a/a', 'a0', 'c']) t.equal(packed.find(path), -1)
  t.equal(packNodes([]).find('a'), -1)
  t.end()
})
