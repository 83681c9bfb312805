import { test } from 'tap'
import { copyPath } from '../../lib/build/copy.js'
import { createOverlay } from '../../lib/build/overlay.js'
import { emptyTree, type Tree } from '../../lib/build/tree.js'
import { createTreeWriter } from '../../lib/build/writer.js'
import { createEntry } from '../../lib/diff/entry.js'

test('who interrupted a build that looked at a large directory had to wait until it had seen all of it', async (t) => {
  const controller = new AbortController()
  let asked = 0
  const names = Array.from({ length: 100_000 }, (_, index) => `f${index}`)
  const large: Tree = {
    get(path) {
      asked += 1
      setImmediate(() => controller.abort(new Error('interrupted')))
      return path === '' ? null : { entry: createEntry({ path, type: 'file' }), body: null, inode: null }
    },
    names: () => names
  }
  const fail = () => new Error('the writer')
  const writer = createTreeWriter(createOverlay(emptyTree), { owner: null, mode: null, epoch: null, fallback: 0 }, fail)
  const target = { path: 'to', directory: true, circular: fail }
  const options = { filter: { include: null, exclude: null }, signal: controller.signal }
  await t.rejects(copyPath(large, '', '', target, writer, options), { message: 'interrupted' })
  t.ok(asked < names.length / 2, `asked for ${asked}`)
})
