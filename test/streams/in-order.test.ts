import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { inOrder } from '../../lib/streams/in-order.js'

test('results come in the order of the items, however long each takes', async (t) => {
  const results: number[] = []
  const work = async (item: number): Promise<number> => {
    await wait(item % 2 === 0 ? 5 : 0)
    return item * 10
  }
  for await (const result of inOrder(numbers(7), { working: 3, whole: 3 }, work)) results.push(result)
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
  for await (const _ of inOrder(items(), { working: 3, whole: 5 }, async (item) => item)) done += 1
  t.equal(done, 20)
})

test('one that takes long does not hold up those behind it, up to a number', async (t) => {
  let finish = (): void => {}
  const started: number[] = []
  const work = async (item: number): Promise<number> => {
    started.push(item)
    if (item === 0) await new Promise<void>((resolve) => (finish = resolve))
    return item
  }
  const results = inOrder(numbers(9), { working: 2, whole: 5 }, work)
  const first = results.next()
  await wait(5)
  t.same(started, [0, 1, 2, 3, 4])
  finish()
  t.same(await first, { done: false, value: 0 })
  const others: number[] = []
  for await (const result of results) others.push(result)
  t.same(others, [1, 2, 3, 4, 5, 6, 7, 8])
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
    for await (const result of inOrder(items(), { working: 2, whole: 2 }, work)) results.push(result)
  }
  await t.rejects(all(), { message: 'two' })
  t.same(results, [0, 1])
  t.ok(ended)
})

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number
}
