import { Readable } from 'node:stream'
import { test } from 'tap'
import { describeNode, explainMermaid, explainText } from '../../lib/graph/explain.js'
import { join, pipe, plan, source, stage } from '../../lib/graph/index.js'
import type { Json } from '../../lib/graph/json.js'
import { generate } from '../../lib/streams/generate.js'

const opened = (): never => {
  throw new Error('a plan opens nothing')
}
const numbers = source<Json, number>('numbers', () => opened() ?? Readable.from([]))
const pass = stage<Json, number, number>('pass', () => opened() ?? generate((items) => items))

test('a node is described by its operation and the parameters that are set', async (t) => {
  t.equal(
    describeNode(numbers({ a: 1, b: null, c: '', d: false, e: [], f: ['x', 'y'], g: { z: 1 }, h: true, i: {} })),
    'numbers a=1 f=x,y g={"z":1} h=true'
  )
  t.equal(describeNode(numbers('all')), 'numbers')
})

test('a plan is explained without opening anything, and sharing is seen', async (t) => {
  const shared = pipe(join([numbers({ from: 1 }), numbers({ from: 2 })]), pass({ codec: 'zstd' }))
  const both = plan([pipe(shared, pass({ to: 'a' })), pipe(shared, pass({ to: '"b"' }))])
  t.equal(
    explainText(both),
    [
      '#1 numbers from=1',
      '#2 numbers from=2',
      '#3 join from #1, #2',
      '#4 pass codec=zstd from #3, shared by 2',
      '#5 pass to=a from #4',
      '#6 pass to="b" from #4',
      ''
    ].join('\n')
  )
  t.equal(
    explainMermaid(both),
    [
      'flowchart LR',
      '  n1["numbers from=1"]',
      '  n2["numbers from=2"]',
      '  n3["join"]',
      '  n4["pass codec=zstd"]',
      '  n5["pass to=a"]',
      '  n6["pass to=#34;b#34;"]',
      '  n1 --> n3',
      '  n2 --> n3',
      '  n3 --> n4',
      '  n4 --> n5',
      '  n4 --> n6',
      ''
    ].join('\n')
  )
})
