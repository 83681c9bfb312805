import { Readable } from 'node:stream'
import type { Test } from 'tap'
import { pipe, run, type Stage, source, stage } from '../../lib/graph/index.js'
import { generate } from '../../lib/streams/generate.js'

export interface StageCase<I, O> {
  /** A fresh stage: the suite runs it many times. */
  readonly stage: () => Stage<I, O>
  /** Items for one run, lazily made; a few are enough, many show more of backpressure. */
  readonly items: () => Iterable<I>
  /** How many items an empty input gives. Default 0. */
  readonly whenEmpty?: number
}

/**
 * What every stage has to do, whoever wrote it: end when its input ends, also an empty one; take no more than it has
 * room for while nobody reads; hand on an error with its reason; stop at an abort.
 */
export function stageSuite<I, O>(t: Test, name: string, suite: StageCase<I, O>): void {
  const { whenEmpty = 0 } = suite
  t.test(`${name} gives as many items each time it runs`, async (t) => {
    const counts = [await count(suite, suite.items()), await count(suite, suite.items())]
    t.equal(counts[0], counts[1])
  })
  t.test(`${name} ends after an empty input`, async (t) => {
    t.equal(await count(suite, []), whenEmpty)
  })
  t.test(`${name} hands on the error of its input as the reason`, async (t) => {
    const reason = new Error('the source broke')
    t.equal(await rejection(count(suite, failing(suite.items(), reason))), reason)
  })
  t.test(`${name} lets a failing reader be the reason`, async (t) => {
    const reason = new Error('the sink broke')
    const node = pipe(sourceOf(suite.items), suite.stage(), failingSink(reason))
    t.equal(await rejection(run([node])), reason)
  })
  t.test(`${name} stops at an abort with its reason`, async (t) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const running = run([pipe(sourceOf(endless(suite.items)), suite.stage(), countingSink())], {
      signal: controller.signal
    })
    setImmediate(() => controller.abort(reason))
    t.equal(await rejection(running), reason)
  })
  t.test(`${name} takes no more than it has room for while nobody reads`, async (t) => {
    let taken = 0
    const counted = function* (): Generator<I> {
      for (const item of endless(suite.items)()) {
        taken += 1
        yield item
      }
    }
    const controller = new AbortController()
    const running = run([pipe(sourceOf(counted), suite.stage(), stuckSink())], { signal: controller.signal })
    for (let turn = 0; turn < 2000; turn += 1) await new Promise(setImmediate)
    t.ok(taken <= ROOM, `${taken} items were taken`)
    controller.abort(new Error('enough'))
    await rejection(running)
  })
}

/** The buffers of the few streams in a line, with room to spare; an unbounded stage takes thousands. */
const ROOM = 200

function sourceOf<I>(items: () => Iterable<I>) {
  return source<null, I>('items', () => Readable.from(paced(items()), { objectMode: true, highWaterMark: 1 }))(null)
}

/** Lets the event loop turn, without which an endless input would never let an abort happen. */
async function* paced<I>(items: Iterable<I>): AsyncGenerator<I> {
  for (const item of items) {
    await new Promise(setImmediate)
    yield item
  }
}

function count<I, O>(suite: StageCase<I, O>, items: Iterable<I>): Promise<number | undefined> {
  return run([
    pipe(
      sourceOf(() => items),
      suite.stage(),
      countingSink()
    )
  ]).then(([total]) => total)
}

function countingSink<O>(): Stage<O, number> {
  return stage<null, O, number>('count', () =>
    generate<O, number>(async function* (items) {
      let total = 0
      for await (const _ of items) total += 1
      yield total
    })
  )(null)
}

function failingSink<O>(reason: Error): Stage<O, never> {
  return stage<null, O, never>('fail', () =>
    // biome-ignore lint/correctness/useYield: it never gets that far
    generate<O, never>(async function* (items) {
      for await (const _ of items) throw reason
      throw reason
    })
  )(null)
}

function stuckSink<O>(): Stage<O, never> {
  return stage<null, O, never>('stuck', () =>
    generate<O, never>(async function* (items) {
      for await (const _ of items) await new Promise(() => {})
    })
  )(null)
}

function* failing<I>(items: Iterable<I>, reason: Error): Generator<I> {
  yield* items
  throw reason
}

function endless<I>(items: () => Iterable<I>): () => Iterable<I> {
  return function* () {
    for (;;) {
      let some = false
      for (const item of items()) {
        some = true
        yield item
      }
      if (!some) return
    }
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}
