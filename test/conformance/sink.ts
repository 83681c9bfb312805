import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { pipe, run, type Stage, source } from '../../lib/graph/index.js'
import type { Receipt } from '../../lib/stages/items.js'

export interface SinkCase<I> {
  /** A sink that writes the path `destination`. */
  readonly sink: (destination: string) => Stage<I, Receipt>
  /** Items for one run, made anew each time; all of one image. */
  readonly items: () => Iterable<I>
  /** Items one of whose contents fails with `reason` while it is read. */
  readonly broken: (reason: Error) => Iterable<I>
}

/**
 * What every sink that writes to this machine's disk has to do, whoever wrote it: give one receipt, write the same
 * each time, and be complete or absent, whatever fails and whenever it is stopped.
 */
export function sinkSuite<I>(t: Test, name: string, suite: SinkCase<I>): void {
  const inside = (test: Test, directory = 'place'): string => {
    const path = join(test.testdir(), directory)
    mkdirSync(path, { recursive: true })
    return path
  }

  t.test(`${name} gives one receipt and writes nothing beside its destination`, async (t) => {
    const place = inside(t)
    const receipt = await write(suite.sink(join(place, 'out')), suite.items())
    t.equal(receipt?.destination, join(place, 'out'))
    t.ok((receipt?.bytes ?? 0) > 0)
    t.same(readdirSync(place), ['out'])
  })

  t.test(`${name} makes the parents of its destination`, async (t) => {
    const place = inside(t)
    await write(suite.sink(join(place, 'a', 'b', 'out')), suite.items())
    t.same(readdirSync(join(place, 'a', 'b')), ['out'])
  })

  t.test(`${name} writes the same each time, over its own result too`, async (t) => {
    const place = inside(t)
    for (const path of ['one', 'two', 'two']) await write(suite.sink(join(place, path)), suite.items())
    t.equal(digestOfTree(join(place, 'two')), digestOfTree(join(place, 'one')))
  })

  t.test(`${name} refuses an empty input and writes nothing`, async (t) => {
    const place = inside(t)
    t.type(await rejection(write(suite.sink(join(place, 'out')), [])), Error)
    t.same(readdirSync(place), [])
  })

  for (const [what, items] of [
    ['its input', (reason: Error) => thenFail(suite.items(), reason)],
    ['a body', suite.broken]
  ] as const) {
    t.test(`${name} hands on the error of ${what}, and leaves what stood there before`, async (t) => {
      const place = inside(t)
      const reason = new Error('the source broke')
      t.equal(await rejection(write(suite.sink(join(place, 'new')), items(reason))), reason)
      t.same(readdirSync(place), [])
      await write(suite.sink(join(place, 'old')), suite.items())
      const before = digestOfTree(place)
      t.equal(await rejection(write(suite.sink(join(place, 'old')), items(reason))), reason)
      t.equal(digestOfTree(place), before)
    })
  }

  t.test(`${name} stops at an abort with its reason, and leaves nothing`, async (t) => {
    const place = inside(t)
    const controller = new AbortController()
    const reason = new Error('enough')
    const running = write(
      suite.sink(join(place, 'out')),
      thenAbort(suite.items(), controller, reason),
      controller.signal
    )
    t.equal(await rejection(running), reason)
    t.same(readdirSync(place), [])
  })
}

async function write<I>(
  sink: Stage<I, Receipt>,
  items: Iterable<I>,
  signal?: AbortSignal
): Promise<Receipt | undefined> {
  const made = source<null, I>('items', () => Readable.from(items, { objectMode: true, highWaterMark: 1 }))
  const [receipt] = await run([pipe(made(null), sink)], signal ? { signal } : {})
  return receipt
}

function* thenFail<I>(items: Iterable<I>, reason: Error): Generator<I> {
  yield* items
  throw reason
}

function* thenAbort<I>(items: Iterable<I>, controller: AbortController, reason: Error): Generator<I> {
  yield* items
  controller.abort(reason)
}

/** Of names, types, modes and contents. */
function digestOfTree(path: string): string {
  const { mode } = lstatSync(path)
  const isDirectory = lstatSync(path).isDirectory()
  const inside = isDirectory
    ? readdirSync(path)
        .sort()
        .map((name) => [name, digestOfTree(join(path, name))])
    : [lstatSync(path).isFile() ? digestOf(readFileSync(path)) : '']
  return digestOf(JSON.stringify([mode, inside]))
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}
