import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import { readProblem } from '../../lib/diff/read-problem.js'
import { layerpipe } from '../helpers/command-here.js'
import { publicDirectory } from '../helpers/public-directory.js'

test('what can not be read was told in the words of the system, without what to do about it', async (t) => {
  const cwd = t.testdir({ app: { file: 'text' } })
  symlinkSync('loop', join(cwd, 'loop'))
  for (const [source, says] of [
    ['dir:none', /^layerpipe: read directory: .*none\/: found nothing at that path\. Check the path\n$/],
    ['dir:app/file', /read directory: .*: found a file where a directory is needed\. Check/],
    ['oci-archive:none', /open archive: oci-archive:none: found nothing at that path/],
    ['tar:none', /open tar: tar:none: found nothing at that path/],
    ['oci:loop', /open layout: oci:loop: found a symbolic link/]
  ] as const) {
    const ran = await layerpipe(['export', source, '-q', '-o', 'out'], { cwd })
    t.equal(ran.code, 1, source)
    t.match(ran.stderr, says)
  }
})

const notRoot = process.getuid?.() !== 0 && 'only root can be another user'

test('without permission an error says whose it is to give', { skip: notRoot }, async (t) => {
  const directory = publicDirectory(t)
  mkdirSync(join(directory, 'closed'), { mode: 0 })
  const NOBODY = 65534
  const walk = async () => {
    for await (const _batch of createDirectorySnapshot(directory).walk());
  }
  await walk() // loads what it takes, while the checkout, which may be closed to others, can be read
  process.seteuid?.(NOBODY)
  try {
    await t.rejects(walk(), { code: 'ERR_INPUT', message: /closed: found no permission to read there\. Run as a user/ })
  } finally {
    process.seteuid?.(0)
  }
})

test('an error of another kind is told as it is', (t) => {
  t.equal(readProblem('read file', 'a', new Error('strange')).message, 'read file: a: strange')
  t.end()
})
