import { PassThrough, Readable } from 'node:stream'
import { test } from 'tap'
import { createBody, forkBody, mapBody } from '../../lib/streams/body.js'
import { generate } from '../../lib/streams/generate.js'

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

function neverOpened(): Readable {
  throw new Error('opened')
}
