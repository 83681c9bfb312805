import { readdir, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { join, type Node, pipe, run, runKeepGoing, type Stage, source, stage } from '../../lib/graph/index.js'
import { createResource } from '../../lib/graph/resource.js'
import { type Body, createBody, mapBody } from '../../lib/streams/body.js'
import { generate } from '../../lib/streams/generate.js'

interface Numbers {
  readonly body: Body
}

interface World {
  opened: string[]
}

function makeWorld() {
  const world: World = { opened: [] }
  const numbers = source<{ upTo: number }, Numbers>('numbers', ({ upTo }) =>
    Readable.from([
      {
        body: createBody(() => {
          world.opened.push('numbers')
          return Readable.from(Array.from({ length: upTo }, (_, index) => index))
        })
      }
    ])
  )
  const times = stage<{ factor: number }, Numbers, Numbers>('times', ({ factor }) =>
    generate<Numbers, Numbers>(async function* (items) {
      for await (const item of items) {
        yield {
          body: mapBody(item.body, () => [
            generate<number, number>(async function* (values) {
              world.opened.push(`times ${factor}`)
              for await (const value of values) yield value * factor
            })
          ])
        }
      }
    })
  )
  const sum = stage<{ name: string; failAt: number }, Numbers, string>('sum', ({ name, failAt }) =>
    generate<Numbers, string>(async function* (items) {
      let total = 0
      for await (const item of items) {
        for await (const value of item.body.open()) {
          if (value === failAt) throw new Error(`${name} met ${failAt}`)
          total += value
        }
      }
      yield `${name} ${total}`
    })
  )
  return { world, numbers, times, sum }
}

test('equal nodes run once and their items reach every sink', async (t) => {
  const { world, numbers, times, sum } = makeWorld()
  const branch = (name: string, factor: number): Node<string> =>
    pipe(numbers({ upTo: 1000 }), times({ factor }), sum({ name, failAt: -1 }))
  t.same(await run([branch('a', 2), branch('b', 2), branch('c', 3)]), ['a 999000', 'b 999000', 'c 1498500'])
  t.same(world.opened.toSorted(), ['numbers', 'times 2', 'times 3'])
})

test('the first error is the reason for all', async (t) => {
  const { numbers, times, sum } = makeWorld()
  const image = pipe(numbers({ upTo: 1000 }), times({ factor: 2 }))
  const good = pipe(image, sum({ name: 'good', failAt: -1 }))
  const bad = pipe(image, sum({ name: 'bad', failAt: 20 }))
  await t.rejects(run([good, bad]), { message: 'bad met 20' })
})

test('with keepGoing a branch that fails drops out and the others finish', async (t) => {
  const { numbers, times, sum } = makeWorld()
  const image = pipe(numbers({ upTo: 1000 }), times({ factor: 2 }))
  const outcomes = await runKeepGoing([
    pipe(image, sum({ name: 'good', failAt: -1 })),
    pipe(image, sum({ name: 'bad', failAt: 20 }))
  ])
  t.match(outcomes, [
    { ok: true, item: 'good 999000' },
    { ok: false, error: { message: 'bad met 20' } }
  ])
})

test('a join gives the items of its inputs in order, even of two that share their origin', async (t) => {
  const { numbers, times } = makeWorld()
  const collect: Stage<Numbers, number[]> = stage<null, Numbers, number[]>('collect', () =>
    generate<Numbers, number[]>(async function* (items) {
      const all = []
      for await (const item of items) all.push(item)
      const lasts = await Promise.all(all.map(async ({ body }) => (await body.open().toArray()).at(-1)))
      yield lasts
    })
  )(null)
  const image = numbers({ upTo: 10 })
  t.same(await run([pipe(join([pipe(image, times({ factor: 2 })), pipe(image, times({ factor: 3 }))]), collect)]), [
    [18, 27]
  ])
})

test('an abort stops the run with its reason', async (t) => {
  const { numbers } = makeWorld()
  const never = stage<null, Numbers, string>('never', () =>
    generate<Numbers, string>(async function* (items) {
      for await (const _ of items) await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
      yield 'never'
    })
  )(null)
  const controller = new AbortController()
  const running = run([pipe(numbers({ upTo: 1 }), never)], { signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.rejects(running, { message: 'enough' })
})

test('a stage that can not be opened fails its branch alone, and nothing is left behind', async (t) => {
  const { numbers, times, sum } = makeWorld()
  const parent = t.testdir({})
  const spooling = stage<null, string, string>('spooling', (_, context) =>
    generate<string, string>(async function* (items) {
      await writeFile(await context.temporary(), 'spooled')
      yield* items
    })
  )(null)
  const boom = stage<null, Numbers, Numbers>('boom', () => {
    throw new Error('can not be opened')
  })(null)
  const image = pipe(numbers({ upTo: 1000 }), times({ factor: 2 }))
  const nodes = [
    pipe(image, sum({ name: 'good', failAt: -1 }), spooling),
    pipe(image, boom, sum({ name: 'bad', failAt: -1 }))
  ]
  await t.rejects(run(nodes, { temporary: parent }), { message: 'can not be opened' })
  t.match(await runKeepGoing(nodes, { temporary: parent }), [
    { ok: true, item: 'good 999000' },
    { ok: false, error: { message: 'can not be opened' } }
  ])
  t.same(await readdir(parent), [])
})

test('a source that gave no stream was a TypeError of ours, and left the others running', async (t) => {
  let closed = false
  const waits = source<null, number>('waits', () => {
    const never = new Readable({ objectMode: true, read() {} })
    return never.once('close', () => {
      closed = true
    })
  })
  for (const made of ['{}', 'null']) {
    const wrong = source<null, number>('a source of rubbish', () => JSON.parse(made))
    const message = /open stage: a source of rubbish: expected a stream of Node .*, found (an object of Object|nothing)/
    await t.rejects(run([waits(null), wrong(null)]), { code: 'ERR_INPUT', message })
    t.ok(closed)
  }
})

test('a resource that can not be closed does not keep the others open', async (t) => {
  const closed: string[] = []
  const broken = createResource(
    'broken',
    () => 'broken',
    async () => Promise.reject(new Error('not closed'))
  )
  const sound = createResource(
    'sound',
    () => 'sound',
    async (name) => void closed.push(name)
  )
  const both = source<null, string>('both', (_, context) =>
    Readable.from([`${context.resource(broken)} ${context.resource(sound)}`])
  )(null)
  await t.rejects(run([both]), { message: 'not closed' })
  t.same(closed, ['sound'])
})
