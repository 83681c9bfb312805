import { PassThrough } from 'node:stream'
import { test } from 'tap'
import { flow } from '../../lib/streams/flow.js'

test('a stream that failed before it was connected fails the flow instead of stopping it forever', async (t) => {
  const early = new PassThrough()
  early.on('error', () => {})
  early.destroy(new Error('early'))
  await new Promise((resolve) => early.once('close', resolve))
  const last = new PassThrough()
  await t.rejects(flow([early, last]), { message: 'early' })
  t.ok(last.destroyed)
})
