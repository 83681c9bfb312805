import { Readable } from 'node:stream'
import { test } from 'tap'
import { createPlainView } from '../../lib/cli/progress/plain.js'
import { createRawJsonView } from '../../lib/cli/progress/raw-json.js'
import type { ProgressView } from '../../lib/cli/progress/step.js'
import { createTtyView } from '../../lib/cli/progress/tty.js'
import { watchPlan } from '../../lib/cli/progress/watch.js'
import { type Node, pipe, plan, run, source, stage } from '../../lib/graph/index.js'
import { generate } from '../../lib/streams/generate.js'

const numbers = source<{ upTo: number }, number>('numbers', ({ upTo }, context) => {
  context.note('one left out')
  return Readable.from(Array.from({ length: upTo }, (_, index) => index))
})
const send = stage<{ to: string; failAt?: number }, number, string>('send', ({ failAt }, context) =>
  generate<number, string>(async function* (items) {
    for await (const item of items) {
      if (item === failAt) throw new Error(`met ${item}`)
      context.progress(1000, 3000)
    }
    yield 'sent'
  })
)

async function show(node: Node<string>, createView: (write: (text: string) => void, count: number) => ProgressView) {
  let text = ''
  const merged = plan([node])
  const stop = watchPlan(
    merged,
    createView((more) => void (text += more), merged.steps.length)
  )
  await run([node]).catch(() => {})
  stop()
  return text
}

const withoutTimes = (text: string): string => text.replaceAll(/\d+\.\ds/g, 'N.Ns')
const good = pipe(numbers({ upTo: 3 }), send({ to: 'somewhere' }))
const bad = pipe(numbers({ upTo: 3 }), send({ to: 'somewhere', failAt: 2 }))

test('plain: a line for each stage that starts, ends or has to say something', async (t) => {
  t.same(
    withoutTimes(await show(good, createPlainView))
      .trim()
      .split('\n')
      .toSorted(),
    ['#1 DONE N.Ns', '#1 numbers upTo=3', '#1 one left out', '#2 3kB / 3kB DONE N.Ns', '#2 send to=somewhere']
  )
})

test('plain: a failure says what failed', async (t) => {
  t.match(await show(bad, createPlainView), /#2 ERROR: met 2\n/)
})

test('an error is told once, and those that it stops are canceled', async (t) => {
  const text = await show(
    pipe(bad, stage<null, string, string>('last', () => generate((items) => items))(null)),
    createPlainView
  )
  t.equal(text.split('met 2').length, 2, text)
  t.match(text, /#3 ERROR: canceled\n/)
})

test('rawjson: every line is a document of vertexes, statuses or logs', async (t) => {
  const documents = (await show(good, createRawJsonView))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const digest = `sha256:${good.key}`
  t.match(documents.findLast(({ vertexes }) => vertexes?.[0].digest === digest).vertexes[0], {
    name: 'send to=somewhere',
    inputs: [/^sha256:/],
    started: /Z$/,
    completed: /Z$/
  })
  t.match(
    documents.findLast(({ statuses }) => statuses),
    { statuses: [{ vertex: digest, current: 3000, total: 3000 }] }
  )
  const [log] = documents.find(({ logs }) => logs).logs
  t.equal(Buffer.from(log.data, 'base64').toString(), 'one left out\n')
})

test('rawjson: a failure is the error of its vertex', async (t) => {
  t.match(await show(bad, createRawJsonView), /"error":"met 2"/)
})

test('tty: the block is drawn in its place, no line wider than the terminal', async (t) => {
  const text = await show(good, (write, count) => createTtyView({ columns: 30, rows: 10, write }, count))
  const last = text.slice(text.lastIndexOf('\x1b[J') + 3)
  t.match(last, /\[\+\] Exporting \d\.\ds \(2\/2\) FINI/)
  t.match(last, / => send to=\S* +3kB \/ 3kB +\d\.\ds\n/)
  for (const line of last.split('\n')) t.ok(line.length < 30, line)
})

test('tty: a low terminal shows as many stages as fit', async (t) => {
  const text = await show(bad, (write, count) => createTtyView({ columns: 80, rows: 3, write }, count))
  const last = text.slice(text.lastIndexOf('\x1b[J') + 3).split('\n')
  t.same(last.filter((line) => !line.includes(': one left out')).length, 3, 'headline, one stage, cursor')
})
