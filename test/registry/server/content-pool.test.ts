import { randomBytes } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { digestOf, hexOf } from '../../../lib/blob/digest.js'
import { createRegistryStorage } from '../../../lib/registry/server/index.js'
import { temporaryDirectory } from '../../helpers/registry.js'
import { withTmpfs } from '../../helpers/tmpfs.js'

test('a blob whose copy to another file system failed left part of it there: nothing is left', async (t) => {
  const source = join(await temporaryDirectory(t), 'blob')
  const [small, large] = [randomBytes(100_000), randomBytes(4 * 2 ** 20)]
  const mounted = await withTmpfs('size=1m', async (directory) => {
    const { contents } = createRegistryStorage(directory)
    await writeFile(source, large)
    await t.rejects(contents.link(digestOf(large), source), { code: 'ERR_OUTPUT', message: /no space left/ })
    t.same(await readdir(join(directory, 'blobs', 'sha256')), [])
    await writeFile(source, small)
    await contents.link(digestOf(small), source)
    const copy = join(directory, 'blobs', 'sha256', hexOf(digestOf(small)))
    t.ok(small.equals(await readFile(copy)))
    t.equal((await stat(copy)).mode & 0o777, 0o444)
    await contents.link(digestOf(small), source)
  })
  if (!mounted) t.comment('mounting is not permitted here')
})
