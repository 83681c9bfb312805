import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { makeDirectory } from '../../lib/blob/make-directory.js'

test('a directory is made with all above it, and again without complaint', async (t) => {
  const path = join(t.testdir(), 'a/b/c')
  await makeDirectory(path)
  await makeDirectory(path)
  t.ok(statSync(path).isDirectory())
})

test('several that make the same directory at once all succeed', async (t) => {
  const root = t.testdir()
  await Promise.all(Array.from({ length: 8 }, (_, index) => makeDirectory(join(root, `a/b/c/d${index % 2}`))))
  t.ok(existsSync(join(root, 'a/b/c/d1')))
})

test('a file in the way is an error', async (t) => {
  await t.rejects(makeDirectory(join(t.testdir({ file: '' }), 'file')), { code: 'EEXIST' })
  await t.rejects(makeDirectory(join(t.testdir({ file: '' }), 'file/below')), { code: 'ENOTDIR' })
})

test('an export to below /proc once never ended', { skip: !existsSync('/proc/self') && 'no /proc' }, async (t) => {
  await t.rejects(makeDirectory('/proc/nowhere/below'), { code: 'ENOENT' })
})
