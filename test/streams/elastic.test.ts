import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { createElastic } from '../../lib/streams/elastic.js'
import { flow } from '../../lib/streams/flow.js'

function countedTemporary(directory: string) {
  const made: string[] = []
  const temporary = async (): Promise<string> => {
    made.push(join(directory, String(made.length)))
    return made.at(-1) ?? ''
  }
  return { made, temporary }
}

const pattern = (length: number, seed: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17) & 255))

test('bytes come out as they went in, whatever fits in memory and however the ring wraps', async (t) => {
  const { temporary } = countedTemporary(t.testdir())
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 4000 }),
        fc.integer({ min: 700, max: 9000 }),
        fc.integer({ min: 0, max: 3 }),
        async (lengths, memory, quota, pause) => {
          const chunks = lengths.map(pattern)
          const received = createHash('sha256')
          const slow = new Writable({
            highWaterMark: 1,
            async write(chunk: Buffer, _encoding, done) {
              received.update(chunk)
              for (let turn = 0; turn < pause; turn += 1) await setImmediate()
              done()
            }
          })
          await flow([Readable.from(chunks, { objectMode: false }), createElastic({ temporary, memory, quota }), slow])
          return received.digest('hex') === createHash('sha256').update(Buffer.concat(chunks)).digest('hex')
        }
      ),
      { numRuns: 30 }
    )
  )
})

test('a writer never waits for the reader until the quota is full', async (t) => {
  const directory = t.testdir()
  const { made, temporary } = countedTemporary(directory)
  const elastic = createElastic({ temporary, memory: 2 ** 20, quota: 8 * 2 ** 20 })
  const chunk = pattern(2 ** 16, 1)
  let written = 0
  const write = (): Promise<void> =>
    new Promise((resolve) =>
      elastic.write(chunk, () => {
        written += chunk.length
        resolve()
      })
    )
  while (written < 8 * 2 ** 20) await write()
  t.equal(made.length, 1)
  t.same(readdirSync(directory), [], 'the temporary file has no name')
  const more = Array.from({ length: 64 }, write)
  for (let turn = 0; turn < 50; turn += 1) await setImmediate()
  t.ok(written <= 10 * 2 ** 20, 'memory and quota bound what is taken')
  const received = buffer(elastic)
  await Promise.all(more)
  elastic.end()
  t.equal((await received).length, written)
})

test('a reader that keeps up needs no file', async (t) => {
  const { made, temporary } = countedTemporary(t.testdir())
  const elastic = createElastic({ temporary })
  const received = buffer(elastic)
  for (let count = 0; count < 100; count += 1) {
    await new Promise<void>((resolve) => elastic.write(pattern(2 ** 16, count), () => resolve()))
    await setImmediate()
  }
  elastic.end()
  t.equal((await received).length, 100 * 2 ** 16)
  t.same(made, [])
})

test('a reader that fails frees a writer that waits for room', async (t) => {
  const { temporary } = countedTemporary(t.testdir())
  const elastic = createElastic({ temporary, memory: 0, quota: 1000 })
  const stuck = new Writable({ write: () => {} })
  const running = flow([
    Readable.from([pattern(2 ** 20, 1), pattern(2 ** 20, 2)], { objectMode: false }),
    elastic,
    stuck
  ])
  running.catch(() => {})
  for (let turn = 0; turn < 50; turn += 1) await setImmediate()
  stuck.destroy(new Error('gone'))
  await t.rejects(running, { message: 'gone' })
})

test('a temporary file that can not be made is the error', async (t) => {
  const elastic = createElastic({ memory: 0, temporary: async () => '/nonexistent/directory/file' })
  await t.rejects(
    flow([
      Readable.from([pattern(10, 1)], { objectMode: false }),
      elastic,
      new Writable({ write: (_c, _e, d) => d() })
    ]),
    {
      code: 'ENOENT'
    }
  )
})
