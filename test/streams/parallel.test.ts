import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { chain } from '../../lib/streams/body.js'
import { parallel } from '../../lib/streams/parallel.js'

test('results come in the order of the items, whichever is done first', async (t) => {
  const work = async (delay: number): Promise<number> => wait(delay, delay * 2)
  const results = await Readable.from([30, 1, 20, 0, 5, 10]).pipe(parallel(3, work)).toArray()
  t.same(results, [60, 2, 40, 0, 10, 20])
})

test('no more items are worked on at a time than were allowed', async (t) => {
  let running = 0
  let most = 0
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++running)
    await wait(1)
    running--
    return item
  }
  t.equal((await Readable.from(Array(40).keys()).pipe(parallel(4, work)).toArray()).length, 40)
  t.equal(most, 4)
})

test('nothing is taken beyond the width when nobody reads', async (t) => {
  let taken = 0
  const endless = function* (): Generator<number> {
    for (;;) yield taken++
  }
  const stream = parallel(2, async (item: number) => item)
  const done = pipeline(Readable.from(endless(), { highWaterMark: 1 }), stream)
  await wait(50)
  t.ok(taken < 12, `${taken} items were taken`)
  stream.destroy(new Error('enough'))
  await t.rejects(done, { message: 'enough' })
})

test('results that are there at once piled up before a reader that takes its time', async (t) => {
  let [taken, read, most] = [0, 0, 0]
  const numbers = function* (): Generator<number> {
    for (; taken < 500; taken++) {
      most = Math.max(most, taken - read)
      yield taken
    }
  }
  const source = Readable.from(numbers(), { highWaterMark: 1 })
  for await (const _ of chain(source, [parallel(2, async (item: number) => item)])) {
    if (++read % 10 === 0) await wait(1)
  }
  t.equal(read, 500)
  t.ok(most < 12, `${most} items were on their way`)
})

test('the first rejection is the reason that the stream ends with', async (t) => {
  const work = async (item: number): Promise<number> => {
    if (item === 3) throw new Error('item 3 is bad')
    return item
  }
  await t.rejects(Readable.from([1, 2, 3, 4]).compose(parallel(2, work)).toArray(), { message: 'item 3 is bad' })
})

test('a stream without items ends', async (t) => {
  t.same(
    await Readable.from([])
      .pipe(parallel(2, async (item: number) => item))
      .toArray(),
    []
  )
})
