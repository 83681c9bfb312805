import { test } from 'tap'
import { estimateTransfer } from '../../lib/benchmark/estimate.js'
import { findBest, parseGoal } from '../../lib/benchmark/goal.js'
import { UsageError } from '../../lib/errors.js'

test('a goal has a bandwidth, its own or the usual one', async (t) => {
  t.same(parseGoal('min-pull'), { name: 'min-pull', bandwidth: 100e6 })
  t.same(parseGoal('balanced', 1e9), { name: 'balanced', bandwidth: 1e9 })
  t.same(parseGoal('min-push,bandwidth=50mbit', 1e9), { name: 'min-push', bandwidth: 50e6 })
})

test('what is no goal is refused, with what would be one', async (t) => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    ['', /min-pull, min-push, min-size, balanced/],
    ['min-pul', /Did you mean "min-pull"\?/],
    ['min-pull,100mbit', /only bandwidth=/],
    ['min-pull,bandwidth=100mbit,x=1', /only bandwidth=/],
    ['min-pull,bandwidth=fast', /read bandwidth/]
  ]
  for (const [text, message] of mistakes) {
    t.throws(() => parseGoal(text), UsageError, text)
    t.throws(() => parseGoal(text), message, text)
  }
})

/** 100 MB of tar, and speeds of one MB/s where nothing else is said. */
const facts = { tarSize: 100e6, size: 50e6, compressionSpeed: 1e6, decompressionSpeed: 1e6 }

test('a push takes as long as the slower of compressing and sending', async (t) => {
  t.equal(estimateTransfer({ ...facts, compressionSpeed: 200e6 }, 100e6).pushSeconds, 4)
  t.equal(estimateTransfer({ ...facts, compressionSpeed: 10e6 }, 100e6).pushSeconds, 10)
})

test('a pull takes as long as receiving and decompressing', async (t) => {
  t.equal(estimateTransfer({ ...facts, decompressionSpeed: 50e6 }, 100e6).pullSeconds, 6)
})

test('each goal chooses what it is for', async (t) => {
  const fast = { ...facts, name: 'fast', size: 60e6, compressionSpeed: 1e9, decompressionSpeed: 0.2e9 }
  const small = { ...facts, name: 'small', size: 20e6, compressionSpeed: 1e6, decompressionSpeed: 0.1e9 }
  const middle = { ...facts, name: 'middle', size: 40e6, compressionSpeed: 25e6, decompressionSpeed: 0.5e9 }
  const best = (goal: string) => findBest(parseGoal(goal), [fast, small, middle]).name
  t.equal(best('min-size'), 'small')
  t.equal(best('min-push'), 'middle')
  t.equal(best('min-push,bandwidth=1gbit'), 'fast')
  t.equal(best('min-pull'), 'small')
  t.equal(best('min-pull,bandwidth=10gbit'), 'middle')
  t.equal(best('balanced'), 'middle')
})

test('of equals the first is chosen', async (t) => {
  const equals = ['a', 'b'].map((name) => ({ ...facts, name }))
  t.equal(findBest(parseGoal('balanced'), equals).name, 'a')
})
