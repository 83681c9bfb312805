import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe, MAIN } from '../helpers/command.js'

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} stops a run, exits 130 and leaves nothing behind`, async (t) => {
    const cwd = t.testdir({ 'a.tar': 'before', tmp: {} })
    let stopped = false
    const ran = await layerpipe(['export', '-', '-o', 'type=oci,dest=a.tar', '-o', 'tree', '--progress=plain'], {
      cwd,
      env: { TMPDIR: join(cwd, 'tmp') },
      keepStdinOpen: true,
      onStderr: (text, child) => {
        if (stopped || !text.includes('#1 tarball')) return
        stopped = child.kill(signal)
      }
    })
    t.equal(ran.code, 130, ran.stderr)
    t.match(ran.stderr, new RegExp(`\nlayerpipe: interrupted: ${signal}\n$`))
    t.equal(await readFile(join(cwd, 'a.tar'), 'utf8'), 'before')
    t.same((await readdir(cwd)).toSorted(), ['a.tar', 'tmp'])
    t.same(await readdir(join(cwd, 'tmp')), [])
  })
}

test('a reader of standard output that leaves ends the program quietly, with 1', async (t) => {
  const cwd = t.testdir()
  await mkdir(join(cwd, 'app'))
  await writeFile(join(cwd, 'app', 'big'), Buffer.alloc(4 << 20, 'x'))
  const words = ['export', 'app', '-q', '-o', 'type=oci,compression=uncompressed']
  const child = spawn(process.execPath, [MAIN, ...words], { cwd })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'close')
  t.equal(code, 1)
  t.equal(stderr, '')
})
