import { Transform } from 'node:stream'
import { test } from 'tap'
import { custom } from '../../lib/graph/custom.js'
import { stageSuite } from '../conformance/stage.js'

test("a user's async generator is a stage", (t) => {
  stageSuite<number, number>(t, 'a generator', {
    stage: () =>
      custom(
        'double',
        { factor: 2 },
        ({ factor }) =>
          async function* (items: AsyncIterable<number>) {
            for await (const item of items) yield item * factor
          }
      ),
    items: () => [1, 2, 3, 4, 5]
  })
  t.end()
})

test("a user's Transform is a stage", (t) => {
  stageSuite<number, number>(t, 'a Transform', {
    stage: () =>
      custom<number, number, null>('double', null, () => {
        return new Transform({
          objectMode: true,
          highWaterMark: 1,
          transform: (item: number, _encoding, done) => done(null, item * 2)
        })
      }),
    items: () => [1, 2, 3, 4, 5]
  })
  t.end()
})
