import { PassThrough, Readable } from 'node:stream'
import { test } from 'tap'
import { createBody, forkBody, mapBody } from '../../lib/streams/body.js'
import { generate } from '../../lib/streams/generate.js'
import { giveBack, lend } from '../../lib/streams/loan.js'

const numbers = (upTo: number): Readable => Readable.from(Array.from({ length: upTo }, (_, index) => index))

test('forks read one pass in lockstep', async (t) => {
  let opened = 0
  const body = createBody(() => {
    opened += 1
    return numbers(1000)
  })
  const forks = forkBody(body, 3)
  t.same(
    forks.map((fork) => fork.shared),
    [true, true, true]
  )
  const lengths = await Promise.all(forks.map(async (fork) => (await fork.open().toArray()).length))
  t.same(lengths, [1000, 1000, 1000])
  t.equal(opened, 1)
})

test('a fork that is discarded is not waited for, and a body that all discard is never opened', async (t) => {
  const [first, second] = forkBody(
    createBody(() => numbers(5)),
    2
  )
  second?.discard()
  t.same(await first?.open().toArray(), [0, 1, 2, 3, 4])
  let discarded = 0
  const unwanted = createBody(neverOpened, { discard: () => (discarded += 1) })
  for (const fork of forkBody(unwanted, 2)) fork.discard()
  t.equal(discarded, 1)
})

test('a reader that stops early does not stop the others', async (t) => {
  const [first, second] = forkBody(
    createBody(() => numbers(1000)),
    2
  )
  const quitter = first?.open()
  quitter?.once('data', () => quitter.destroy())
  t.equal((await second?.open().toArray())?.length, 1000)
})

test('an error at the origin is every reader’s reason', async (t) => {
  const broken = createBody(() => {
    const stream = new PassThrough({ objectMode: true })
    stream.write(1)
    setImmediate(() => stream.destroy(new Error('the disk broke')))
    return stream
  })
  const forks = forkBody(
    mapBody(broken, () => [
      generate<number, number>(async function* (values) {
        yield* values
      })
    ]),
    2
  )
  for (const reading of forks.map((fork) => fork.open().toArray()))
    await t.rejects(reading, { message: 'the disk broke' })
})

test('a mapped body can be read again where its origin can', async (t) => {
  const again = (): Readable => numbers(3)
  const body = mapBody(createBody(again, { again }), () => [
    generate<number, number>(async function* (values) {
      for await (const value of values) yield value + 1
    })
  ])
  t.same(await body.open().toArray(), [1, 2, 3])
  t.same(await body.again?.().toArray(), [1, 2, 3])
})

test('items are lent only where every reader gives them back, and come back when the last one has', async (t) => {
  const open = (readers: readonly boolean[]): Promise<readonly number[]> => {
    const back: number[] = []
    const body = createBody(({ givesBack = false } = {}) =>
      Readable.from([1, 2, 3].map((id) => (givesBack ? lend({ id }, () => back.push(id)) : { id })))
    )
    const forks = forkBody(body, readers.length)
    const reads = readers.map(async (givesBack, index) => {
      for await (const item of forks[index]?.open({ givesBack }) ?? []) {
        t.notOk(back.includes(item.id), 'still held')
        giveBack(item)
      }
    })
    return Promise.all(reads).then(() => back)
  }
  t.same(await open([true]), [1, 2, 3])
  t.same(await open([true, true]), [1, 2, 3])
  t.same(await open([true, false]), [])
})

test('what a stream of somebody else is put behind is never lent to it', async (t) => {
  const asked: unknown[] = []
  const body = createBody((reader) => {
    asked.push(reader?.givesBack ?? false)
    return numbers(1)
  })
  const foreign = mapBody(body, () => [new PassThrough({ objectMode: true })])
  await foreign.open({ givesBack: true }).toArray()
  t.same(asked, [false])
})

function neverOpened(): Readable {
  throw new Error('opened')
}

test('a body was opened, and never closed, though what it was to run through could not be made', (t) => {
  let discarded = 0
  const body = createBody(neverOpened, { again: neverOpened, discard: () => (discarded += 1) })
  const broken = mapBody(body, () => {
    throw new Error('no such level')
  })
  t.throws(() => broken.open(), { message: 'no such level' })
  t.equal(discarded, 1)
  t.throws(() => broken.again?.(), { message: 'no such level' })
  t.end()
})
