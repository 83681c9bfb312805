import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { createEntry, type Entry, type EntryBatch } from '../../lib/diff/entry.js'
import { run, source } from '../../lib/graph/index.js'
import { foresight } from '../../lib/stages/foresight.js'
import { createReading, type Reading } from '../../lib/stages/reading.js'
import { generate } from '../../lib/streams/generate.js'
import { type ProgressEvent, progressChannel } from '../../lib/trace.js'
import { published } from '../helpers/published.js'

type Read = (reading: Reading, soFar: readonly ProgressEvent[]) => Promise<void>

/** What a stage that reads says of its progress, in a run with foresight. */
function told(read: Read): Promise<readonly ProgressEvent[]> {
  return published<ProgressEvent>(progressChannel.name, (soFar) => {
    const node = source<null, string>('read', (_, context) =>
      generate<never, string>(async function* () {
        await read(createReading(context), soFar)
        yield 'read'
      }).end()
    )(null)
    return run([node], { provide: [foresight.provide(true)] })
  })
}

const files = ['a', 'b'].map((path) => createEntry({ path, type: 'file', size: 3 }))

async function* batches(): AsyncGenerator<EntryBatch> {
  for (const file of files) yield [file, Buffer.from('abc')]
}

async function* slowBatches(isOver: () => boolean): AsyncGenerator<EntryBatch> {
  while (!isOver()) {
    yield* batches()
    await wait(50)
  }
}

async function* headers(): AsyncGenerator<readonly Entry[]> {
  yield files
}

async function drain(batchesOf: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batchesOf);
}

test('what is read is counted, and how much there was is known in the end', async (t) => {
  const moves = await told(async (reading) => {
    const part = reading.expect(null)
    reading.complete()
    await drain(part.entries(batches(), null))
  })
  t.match(moves, [{ bytes: 3 }, { bytes: 3 }, { bytes: 0, total: 6 }])
  t.equal(moves[0]?.total, undefined)
})

test('a reading that takes its time is told ahead how much there is', async (t) => {
  const moves = await told(async (reading, soFar) => {
    const part = reading.expect(null)
    reading.complete()
    const isKnown = () => soFar.some(({ total }) => total !== undefined)
    await drain(part.entries(slowBatches(isKnown), headers))
  })
  t.equal(moves.find(({ total }) => total !== undefined)?.total, 6)
})

test('the total is that of all layers but those that nobody reads, once there are no more', async (t) => {
  const moves = await told(async (reading) => {
    const known = reading.expect(10)
    const unread = reading.expect(100)
    await drain(known.entries(batches(), null))
    unread.discard()
    reading.complete()
    await drain(reading.expect(5).entries(batches(), null))
  })
  t.equal(moves[2]?.total, undefined, 'there may be more')
  t.match(moves[3], { bytes: 3, total: 11 })
})
