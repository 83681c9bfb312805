import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { createSpool, type Spool, spoolBlob } from '../../lib/blob/spool.js'
import { withTmpfs } from '../helpers/tmpfs.js'

async function write(spool: Spool, chunks: readonly Buffer[]): Promise<void> {
  await pipeline(Readable.from(chunks), spool.writable)
}

async function firstChunk(reader: Readable): Promise<Buffer> {
  for await (const chunk of reader.iterator({ destroyOnReturn: false })) return chunk
  throw new Error('nothing to read')
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

test('any readers of any chunks at any time read what was written, and its digest is known', async (t) => {
  let count = 0
  const directory = t.testdir()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 20 }),
      fc.integer({ min: 0, max: 4 }),
      fc.boolean(),
      async (arrays, readers, late) => {
        const chunks = arrays.map((array) => Buffer.from(array))
        const bytes = Buffer.concat(chunks)
        const spool = createSpool(join(directory, String(count++)))
        const open = (): Promise<Buffer>[] => Array.from({ length: readers }, () => buffer(spool.open()))
        const early = late ? [] : open()
        await write(spool, chunks)
        for (const read of await Promise.all([...early, ...open()])) t.ok(read.equals(bytes))
        t.strictSame(await spool.summary, { digest: digest(bytes), size: bytes.length })
      }
    ),
    { numRuns: 60 }
  )
})

test('a range reads its bytes, also before they are written', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251))
  const spool = createSpool(join(t.testdir(), 'spool'))
  const early = buffer(spool.open({ start: 990, end: 1000 }))
  await write(spool, [bytes.subarray(0, 500), bytes.subarray(500)])
  t.ok((await early).equals(bytes.subarray(990)))
  t.ok((await buffer(spool.open({ start: 10, end: 20 }))).equals(bytes.subarray(10, 20)))
  t.ok((await buffer(spool.open({ start: 600, end: Number.POSITIVE_INFINITY }))).equals(bytes.subarray(600)))
  t.equal((await buffer(spool.open({ start: 5, end: 5 }))).length, 0)
  await t.rejects(buffer(spool.open({ start: 0, end: 1001 })), { code: 'ERR_INPUT', message: /1001/ })
})

test('a reader that does not read does not slow the writer', async (t) => {
  const spool = createSpool(join(t.testdir(), 'spool'))
  const idle = spool.open()
  idle.read(0)
  await write(
    spool,
    Array.from({ length: 64 }, () => Buffer.alloc(2 ** 18, 1))
  )
  t.ok(idle.readableLength <= 2 ** 19, 'and holds little')
  t.equal((await buffer(spool.open())).length, 64 * 2 ** 18)
  idle.destroy()
})

test('a reader that fails is opened again where it was', async (t) => {
  const spool = createSpool(join(t.testdir(), 'spool'))
  spool.writable.write(Buffer.from('hello '))
  const reader = spool.open()
  const read = await firstChunk(reader)
  reader.destroy()
  const again = buffer(spool.open({ start: read.length, end: Number.POSITIVE_INFINITY }))
  spool.writable.end(Buffer.from('world'))
  t.equal((await again).toString(), 'world')
})

test('the failure of the writer is that of every reader, early and late', async (t) => {
  const spool = createSpool(join(t.testdir(), 'spool'))
  const failure = new Error('the source broke')
  spool.writable.on('error', () => {})
  spool.writable.write(Buffer.from('half'))
  const early = spool.open()
  t.equal((await firstChunk(early)).toString(), 'half')
  const rest = buffer(early)
  await setImmediate()
  spool.writable.destroy(failure)
  await t.rejects(rest, failure)
  await t.rejects(buffer(spool.open()), failure)
  await t.rejects(spool.summary, failure)
})

test('a writer destroyed without a reason is a failure, too', async (t) => {
  const spool = createSpool(join(t.testdir(), 'spool'))
  const read = buffer(spool.open())
  spool.writable.destroy()
  await t.rejects(read)
  await t.rejects(spool.summary)
})

test('a spool never opens a file that is there already', async (t) => {
  const path = join(t.testdir({ spool: 'mine' }), 'spool')
  const spool = createSpool(path)
  await t.rejects(write(spool, [Buffer.from('x')]))
  await t.rejects(buffer(spool.open()))
  t.equal(readFileSync(path, 'utf8'), 'mine')
})

test('a blob out of a stream knows its descriptor and where it lies', async (t) => {
  const path = join(t.testdir(), 'spool')
  const blob = await spoolBlob(Readable.from([Buffer.from('a'), Buffer.from('b')]), path, { mediaType: 'text/plain' })
  t.strictSame(blob.descriptor, { mediaType: 'text/plain', digest: digest(Buffer.from('ab')), size: 2 })
  t.equal((await buffer(blob.open())).toString(), 'ab')
  t.equal((await buffer(blob.open({ start: 1, end: 2 }))).toString(), 'b')
  t.equal(blob.file, path)
})

test('an abort stops the spooling, with its reason', async (t) => {
  const abort = new AbortController()
  const endless = new Readable({ read: () => endless.push(Buffer.alloc(1024)) })
  const blob = spoolBlob(endless, join(t.testdir(), 'spool'), { mediaType: 'x' }, { signal: abort.signal })
  const reason = new Error('enough')
  setTimeout(() => abort.abort(reason), 5)
  await t.rejects(blob, reason)
  t.ok(endless.destroyed)
})

test('removing deletes the file, and open readers read on', async (t) => {
  const spool = createSpool(join(t.testdir(), 'spool'))
  await write(spool, [Buffer.alloc(2 ** 20, 7)])
  const reader = spool.open()
  await firstChunk(reader)
  await spool.remove()
  t.notOk(existsSync(spool.path))
  t.ok((await buffer(reader)).length > 0)
})

test('a full temporary directory was told as a destination that has no space', async (t) => {
  const mounted = await withTmpfs('size=1m', async (directory) => {
    const spool = createSpool(join(directory, 'spool'))
    await t.rejects(write(spool, [Buffer.alloc(2 ** 21)]), {
      code: 'ERR_OUTPUT',
      message: /^write temporary file: .*spool: found no space left on the device\. Free space there, or set TMPDIR/
    })
  })
  if (!mounted) t.comment('mounting is not permitted here')
})
