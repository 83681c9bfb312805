import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { test } from 'tap'
import { createPendingFile, type PendingFile } from '../../lib/blob/pending-file.js'
import { OutputError } from '../../lib/errors.js'
import { withTmpfs } from '../helpers/tmpfs.js'

async function write(file: PendingFile, ...chunks: string[]): Promise<void> {
  await pipeline(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), file.writable())
}

test('the destination stays as it is until commit, and then is complete', async (t) => {
  const directory = t.testdir({ out: 'before' })
  const file = await createPendingFile(join(directory, 'out'))
  await write(file, 'af', 'ter')
  t.equal(readFileSync(join(directory, 'out'), 'utf8'), 'before')
  await file.commit()
  t.equal(readFileSync(join(directory, 'out'), 'utf8'), 'after')
  await file.abandon()
  t.strictSame(readdirSync(directory), ['out'])
})

test('parents are made, and abandon leaves nothing but them', async (t) => {
  const directory = t.testdir()
  const file = await createPendingFile(join(directory, 'a/b/out'))
  await write(file, 'x')
  await file.abandon()
  await file.abandon()
  t.strictSame(readdirSync(join(directory, 'a/b')), [])
})

test('a link at the destination is followed', async (t) => {
  const directory = t.testdir({ real: { out: 'before' } })
  symlinkSync('real/out', join(directory, 'link'))
  const file = await createPendingFile(join(directory, 'link'))
  await write(file, 'after')
  await file.commit()
  t.equal(readFileSync(join(directory, 'real/out'), 'utf8'), 'after')
  t.equal(readFileSync(join(directory, 'link'), 'utf8'), 'after')
})

/** A device of the test's own: a bug must not replace one that the machine needs. Null where only root may make it. */
function makeDevice(path: string, minor: number): string | null {
  return spawnSync('mknod', [path, 'c', '1', `${minor}`]).status === 0 ? path : null
}

test('a device is written to, not replaced', async (t) => {
  const device = makeDevice(join(t.testdir(), 'null'), 3)
  if (device === null) return t.pass('a device', { skip: 'only root can make devices' })
  const file = await createPendingFile(device)
  await write(file, 'x')
  await file.commit()
  t.ok(lstatSync(device).isCharacterDevice())
  t.equal(file.path, device)
})

test('a log that a shell had opened to append to was replaced', (t) => {
  const log = join(t.testdir({ log: 'before\n' }), 'log')
  const program = `
    import { createPendingFile } from ${JSON.stringify(new URL('../../lib/blob/pending-file.js', import.meta.url).href)}
    console.log('first')
    for (const path of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']) {
      const file = await createPendingFile(path)
      const writable = file.writable()
      await new Promise((resolve) => writable.end(path + '\\n', resolve))
      await file.commit()
      await file.abandon()
    }
    console.log('last')`
  const descriptor = openSync(log, 'a')
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', descriptor, 'inherit']
  })
  closeSync(descriptor)
  t.equal(status, 0)
  t.equal(readFileSync(log, 'utf8'), 'before\nfirst\n/dev/stdout\n/dev/fd/1\n/proc/self/fd/1\nlast\n')
  t.end()
})

test('a destination that can not be written is refused before any work', async (t) => {
  const directory = t.testdir({ file: 'x', directory: {} })
  await t.rejects(createPendingFile(join(directory, 'directory')), OutputError)
  await t.rejects(createPendingFile(join(directory, 'file/out')), OutputError)
  await t.rejects(createPendingFile(join(directory, 'file/a/b/out')), OutputError)
  t.strictSame(readdirSync(directory).sort(), ['directory', 'file'])
})

test('a full disk is an OutputError that says so', async (t) => {
  const device = makeDevice(join(t.testdir(), 'full'), 7)
  if (device === null) return t.pass('a device', { skip: 'only root can make devices' })
  const file = await createPendingFile(device)
  await t.rejects(write(file, 'x'), { code: 'ERR_OUTPUT', message: /no space left/ })
  await file.abandon()
})

test('a later run removes what a killed process left, and nothing of a living one', async (t) => {
  const directory = t.testdir()
  const module = new URL('../../lib/blob/pending-file.js', import.meta.url).href
  const script = `import { createPendingFile } from '${module}'
    const file = await createPendingFile(process.argv[1]); file.writable().write('half', () => process.send('ready'))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(directory, 'out')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  await once(child, 'message')
  const mine = await createPendingFile(join(directory, 'other'))
  t.equal(readdirSync(directory).length, 2, 'the living one keeps its file')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const next = await createPendingFile(join(directory, 'another'))
  t.strictSame(
    readdirSync(directory).sort(),
    [mine.path, next.path].map((path) => path.slice(directory.length + 1)).sort()
  )
  await mine.abandon()
  await next.abandon()
})

test('a read-only file system is an OutputError', async (t) => {
  const mounted = await withTmpfs('ro', async (directory) => {
    await t.rejects(createPendingFile(join(directory, 'a/out')), { code: 'ERR_OUTPUT', message: /read-only/ })
  })
  if (!mounted) t.pass('a read-only file system', { skip: 'mounting is not permitted' })
})

test('a device that has no disk could not be written to beyond 16 MiB', async (t) => {
  const file = await createPendingFile('/dev/null')
  await pipeline(Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(2 ** 20))), file.writable())
  await file.commit()
  t.pass('all of it went there')
})
