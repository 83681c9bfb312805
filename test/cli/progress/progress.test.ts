import { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { createCanvas, type Terminal } from '../../../lib/cli/progress/canvas.js'
import { createGroupedView } from '../../../lib/cli/progress/grouped.js'
import { chooseProgress } from '../../../lib/cli/progress/index.js'
import { createPlainView } from '../../../lib/cli/progress/plain.js'
import { createQuietView } from '../../../lib/cli/progress/quiet.js'
import { createRawJsonView } from '../../../lib/cli/progress/raw-json.js'
import type { ProgressView } from '../../../lib/cli/progress/step.js'
import { createTtyView } from '../../../lib/cli/progress/tty.js'
import { watchPlan } from '../../../lib/cli/progress/watch.js'
import { type Node, pipe, plan, run, source, stage } from '../../../lib/graph/index.js'
import { generate } from '../../../lib/streams/generate.js'

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
    context.begin('sending letters')()
    context.begin('sending stamps')('cached')
    yield 'sent'
  })
)

async function show(node: Node<string>, createView: (write: (text: string) => void, count: number) => ProgressView) {
  let text = ''
  const merged = plan([node])
  const { warn, stop } = watchPlan(merged, [createView((more) => void (text += more), merged.steps.length)])
  warn('50% left')
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
    [
      '#1 DONE N.Ns',
      '#1 numbers upTo=3',
      '#1 one left out',
      '#2 3kB / 3kB DONE N.Ns',
      '#2 send to=somewhere',
      '#2 sending letters N.Ns done',
      '#2 sending stamps N.Ns CACHED',
      'WARNING: 50% left'
    ]
  )
})

test('plain: a part that takes its time is told when it begins, too', async (t) => {
  const slow = stage<{ parts: number }, number, string>('send', (_, context) =>
    generate<number, string>(async function* () {
      const end = context.begin('sending parcels')
      await wait(400)
      end()
      yield 'sent'
    })
  )
  const text = await show(pipe(numbers({ upTo: 3 }), slow({ parts: 1 })), createPlainView)
  t.match(withoutTimes(text), /#2 sending parcels\n(?:#1 [^\n]*\n)*#2 sending parcels N\.Ns done\n/)
})

test('plain: a failure says what failed', async (t) => {
  t.match(await show(bad, createPlainView), /#2 ERROR: met 2\n/)
})

test('an error is told once, and those that it stops are canceled', async (t) => {
  const last = stage<null, string, string>('last', () => generate((items) => items))(null)
  const text = await show(pipe(bad, last), createPlainView)
  t.equal(text.split('met 2').length, 2, text)
  t.match(text, /#3 CANCELED\n/)
  t.notMatch(await show(pipe(bad, last), createGroupedView), /::error[^\n]*canceled/)
  const tty = await show(pipe(bad, last), (write, count) => {
    return createTtyView(terminal(write, 60, 10), { work: 'Exporting', count })
  })
  t.match(lastBlock(tty), / => ERROR send [\s\S]* => CANCELED last /)
})

test('rawjson: every line is a document of vertexes, statuses, logs or warnings', async (t) => {
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
    documents.findLast(({ statuses }) => statuses?.[0].total),
    { statuses: [{ vertex: digest, current: 3000, total: 3000 }] }
  )
  const [log] = documents.find(({ logs }) => logs).logs
  t.equal(Buffer.from(log.data, 'base64').toString(), 'one left out\n')
  const [warning] = documents.find(({ warnings }) => warnings).warnings
  t.equal(Buffer.from(warning.short, 'base64').toString(), '50% left')
})

test('quiet: warnings only', async (t) => {
  t.equal(await show(bad, createQuietView), 'WARNING: 50% left\n')
})

test('rawjson: a failure is the error of its vertex', async (t) => {
  t.match(await show(bad, createRawJsonView), /"error":"met 2"/)
})

function terminal(write: (text: string) => void, columns: number, rows: number): Terminal {
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void write(String(chunk))) })
  return Object.assign(stream, { columns, rows })
}

/** What a terminal shows in the end, of a text that only ever erases whole lines. */
function lastBlock(text: string): string {
  return text.slice(text.lastIndexOf('[+]'))
}

test('tty: the block is drawn in its place, no line wider than the terminal', async (t) => {
  const text = await show(good, (write, count) => createTtyView(terminal(write, 40, 10), { work: 'Exporting', count }))
  const last = lastBlock(text)
  t.match(last, /\[\+\] Exporting \d\.\ds \(2\/2\) FINISHED/)
  t.match(last, / => send to=so\S* +3kB \/ 3kB +\d\.\ds\n/)
  for (const line of last.split('\n')) t.ok(line.length < 40, line)
})

test('tty: the parts of a stage stand below it, and what was there already is marked', async (t) => {
  const text = await show(good, (write, count) => createTtyView(terminal(write, 60, 10), { work: 'Exporting', count }))
  t.match(lastBlock(text), /=> => sending letters +\d\.\ds\n => => CACHED sending stamps/)
})

test('tty: notes and warnings stay above the block', async (t) => {
  const text = await show(good, (write, count) => createTtyView(terminal(write, 60, 10), { work: 'Exporting', count }))
  t.match(text, / numbers upTo=3: one left out\n/)
  t.match(text, /^WARNING: 50% left\n/m)
})

test('tty: a low terminal shows as many stages as fit', async (t) => {
  const text = await show(bad, (write, count) => createTtyView(terminal(write, 80, 3), { work: 'Exporting', count }))
  t.equal(lastBlock(text).trimEnd().split('\n').length, 2, 'headline and one stage')
})

test('tty: a narrowed terminal is erased as far as its lines now reach', async (t) => {
  let text = ''
  const screen = Object.assign(terminal((more) => void (text += more), 40, 10))
  const canvas = createCanvas(screen)
  canvas.draw(['x'.repeat(39), 'short'])
  Object.assign(screen, { columns: 20 })
  canvas.draw(['after'])
  canvas.end()
  t.match(text, '\x1b[3A\r\x1b[J', 'two rows of the long line and one of the short')
})

test('tty: colours only for who shows them', async (t) => {
  const colored = (write: (text: string) => void) => Object.assign(terminal(write, 60, 10), { hasColors: () => true })
  t.match(await show(good, (write, count) => createTtyView(colored(write), { work: 'Exporting', count })), '\x1b[34m')
  t.notMatch(
    await show(good, (write, count) => createTtyView(terminal(write, 60, 10), { work: 'Exporting', count })),
    '\x1b[34m'
  )
})

test('lines are drawn in their place only on a terminal that says how wide it is', async (t) => {
  t.equal(chooseProgress('auto', { isTTY: true, columns: 80 }), 'tty')
  t.equal(chooseProgress('auto', { isTTY: true, columns: 0 }), 'plain')
  t.equal(chooseProgress('auto', {}), 'plain')
  t.equal(chooseProgress('tty', {}), 'tty')
})

test('grouped: what a step said stands between its marks, errors and warnings outside of them', async (t) => {
  const text = withoutTimes(await show(bad, createGroupedView))
  t.match(text, '::group::#1 numbers upTo=3\n#1 one left out\n#1 DONE N.Ns\n::endgroup::\n')
  t.match(text, /^::warning::50%25 left\n/)
  t.match(text, /::endgroup::\n::error title=send to=somewhere failAt=2::met 2\n/)
})
