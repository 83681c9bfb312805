import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { checkDestination } from '../../lib/blob/check-destination.js'

test('what can be written passes, and nothing is made', async (t) => {
  const directory = t.testdir({ file: 'x', directory: {} })
  await checkDestination(join(directory, 'file'), 'file')
  await checkDestination(join(directory, 'a/b/new'), 'file')
  await checkDestination(join(directory, 'directory'), 'directory')
  await checkDestination(join(directory, 'a/b/new'), 'directory')
  await checkDestination('/dev/null', 'file')
  t.notOk(existsSync(join(directory, 'a')))
})

test('what is in the way is named', async (t) => {
  const directory = t.testdir({ file: 'x', directory: {} })
  const rejected = (path: string, kind: 'file' | 'directory', message: RegExp) =>
    t.rejects(checkDestination(join(directory, path), kind), { code: 'ERR_OUTPUT', message })
  await rejected('directory', 'file', /directory: expected a file, or nothing yet, found a directory/)
  await rejected('file', 'directory', /file: expected a directory, or nothing yet, found a file/)
  await rejected('file/a/b', 'file', /\/file: expected a directory, found a file/)
})

test('a directory without permission to write is refused', async (t) => {
  if (process.getuid?.() === 0) return void t.pass('permissions', { skip: 'root may write everywhere' })
  const directory = t.testdir({ closed: {} })
  chmodSync(join(directory, 'closed'), 0o555)
  await t.rejects(checkDestination(join(directory, 'closed/new'), 'file'), { code: 'ERR_OUTPUT' })
})
