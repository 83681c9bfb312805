import { test } from 'tap'
import { expectedBytes } from '../../../lib/cli/progress/expected-bytes.js'
import { createMotions } from '../../../lib/cli/progress/motion.js'
import { createRates } from '../../../lib/cli/progress/rates.js'
import type { ProgressStep } from '../../../lib/cli/progress/step.js'

function stepOf(fields: Partial<ProgressStep>): ProgressStep {
  const { key = 'k' } = fields
  const times = { started: 0, passed: null, ended: null }
  const nothing = { bytes: 0, total: null, error: null, consumers: 1, parts: [] }
  return { number: 1, key, inputs: [], operation: key, label: key, ...times, ...nothing, ...fields }
}

const stepsOf = (...steps: readonly ProgressStep[]) => new Map(steps.map((step) => [step.key, step]))

test('rates: bytes a second since the last look', async (t) => {
  const rates = createRates()
  const at = (bytes: number) => stepOf({ bytes })
  t.equal(rates.of(at(0), 500), null)
  t.equal(rates.of(at(500), 50_000), null, 'too early to tell')
  t.equal(rates.of(at(2500), 51_000), 2000, 'however long it waited for its first bytes')
  t.equal(rates.of(at(6500), 52_000), 3000, 'half of what it was, half of what it is')
})

test('time left: what is to come at the present rate', async (t) => {
  const motions = createMotions()
  motions.of(stepOf({ bytes: 1000, total: 10_000 }), 1000)
  const step = stepOf({ bytes: 3000, total: 11_000 })
  motions.keep(step)
  t.same(motions.of(step, 2000), { going: true, rate: 2000, secondsLeft: 4 })
})

test('time left: nobody guesses where no total is known, or more came than was said', async (t) => {
  const motions = createMotions()
  for (const total of [null, 3000, 1000]) {
    const key = `of ${total}`
    motions.of(stepOf({ key, bytes: 1000, total }), 1000)
    t.same(motions.of(stepOf({ key, bytes: 3000, total }), 2000), { going: true, rate: 2000, secondsLeft: null })
  }
})

test('what is expected follows from how far the step is that the bytes come from', async (t) => {
  const diff = stepOf({ key: 'diff', bytes: 250, total: 1000 })
  const compress = stepOf({ key: 'compress', inputs: ['diff'] })
  const hash = stepOf({ key: 'hash', inputs: ['compress'], bytes: 100 })
  const upload = stepOf({ key: 'upload', inputs: ['hash'], bytes: 30 })
  const steps = stepsOf(diff, compress, hash, upload)
  t.equal(expectedBytes(hash, steps), 400, 'a quarter is done')
  t.equal(expectedBytes(upload, steps), 400, 'a copy has the bytes of what it copies, however far it is')
})

test('what comes together from several steps is not guessed', async (t) => {
  const inputs = ['one', 'other'].map((key) => stepOf({ key, bytes: 10, total: 100 }))
  const upload = stepOf({ key: 'upload', inputs: ['one', 'other'], bytes: 5 })
  t.equal(expectedBytes(upload, stepsOf(...inputs, upload)), null)
})

test('a step whose items are read after it gave them is going until that has come to rest', async (t) => {
  const motions = createMotions()
  const read = stepOf({ passed: 100, ended: 5000, bytes: 10 })
  t.equal(motions.of(read, 5500).going, true)
  t.equal(motions.of(read, 9000).going, false)
  t.equal(motions.of({ ...read, total: 10 }, 5500).going, false, 'all of it is read')
  t.equal(motions.of(stepOf({ passed: 100, ended: 100 }), 200).going, false, 'nobody read anything')
})
