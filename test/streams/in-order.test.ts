import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { inOrder } from '../../lib/streams/in-order.js'

test('results come in the order of the items, however long each takes', async (t) => {
  const results: number[] = []
  const work = async (item: number): Promise<number> => {
    await wait(item % 2 === 0 ? 5 : 0)
    return item * 10
  }
  for await (const result of inOrder(numbers(7), 3, work)) results.push(result)
  t.same(results, [0, 10, 20, 30, 40, 50, 60])
})

test('no more items are taken than are worked on', async (t) => {
  let taken = 0
  let done = 0
  const items = async function* (): AsyncGenerator<number> {
    for await (const item of numbers(20)) {
      taken += 1
      t.ok(taken - done <= 3, `${taken - done} at a time`)
      yield item
    }
  }
  for await (const _ of inOrder(items(), 3, async (item) => item)) done += 1
  t.equal(done, 20)
})

test('a failure comes when it is its turn, and ends the items', async (t) => {
  let ended = false
  const items = async function* (): AsyncGenerator<number> {
    try {
      yield* numbers(9)
    } finally {
      ended = true
    }
  }
  const results: number[] = []
  const work = async (item: number): Promise<number> => {
    if (item === 2) throw new Error('two')
    return item
  }
  const all = async (): Promise<void> => {
    for await (const result of inOrder(items(), 2, work)) results.push(result)
  }
  await t.rejects(all(), { message: 'two' })
  t.same(results, [0, 1])
  t.ok(ended)
})

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number
}
