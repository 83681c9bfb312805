import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe as layerpipeProcess } from '../helpers/command.js'
import { layerpipe } from '../helpers/command-here.js'
import { startTestRegistry } from '../helpers/registry.js'

test('commands do in the files of the package what they do in the modules that these are made of', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' }, Dockerfile: 'FROM scratch\nCOPY app /\n' })
  const { host } = await startTestRegistry(t)
  const stored = await layerpipe(['export', 'app', '-q', '-o', `type=image,name=${host}/app:1,push=true`], { cwd })
  t.equal(stored.code, 0, stored.stderr)
  for (const words of [
    ['build', '.', '-q', '-o', 'type=oci,dest=built.tar'],
    ['inspect', 'oci-archive:built.tar', '--json', '--files'],
    ['index', 'create', `${host}/app:both`, `${host}/app:1`],
    ['store', 'verify'],
    ['exprot', 'app']
  ]) {
    const here = await layerpipe(words, { cwd })
    t.same(await layerpipeProcess(words, { cwd }), here, words.join(' '))
  }
})

test('all codecs give in the files of the package what they give in the modules that these are made of', async (t) => {
  const cwd = t.testdir({ app: { a: 'a'.repeat(100_000), b: 'b' } })
  const codecs = ['uncompressed', 'gzip', 'estargz', 'zstd', 'zstd:chunked']
  const outputs = codecs.flatMap((codec) => ['-o', `type=oci,dest=${codec}.tar,compression=${codec}`])
  const made: Buffer[][] = []
  for (const run of [layerpipeProcess, layerpipe]) {
    const ran = await run(['export', 'app', '-q', '--no-cache', ...outputs], { cwd, env: { SOURCE_DATE_EPOCH: '1' } })
    t.equal(ran.code, 0, ran.stderr)
    made.push(await Promise.all(codecs.map((codec) => readFile(join(cwd, `${codec}.tar`)))))
  }
  t.same(made[0], made[1])
})
