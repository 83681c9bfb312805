import { test } from 'tap'
import { createTurns } from '../../lib/streams/turns.js'

test('others have their turn after so many steps, until a signal aborts', async (t) => {
  const controller = new AbortController()
  const turns = createTurns(controller.signal)
  const due = Array.from({ length: 5000 }, () => turns.isDue())
  t.equal(due.filter(Boolean).length, 4)
  let had = false
  setImmediate(() => {
    had = true
  })
  await turns.give()
  t.ok(had)
  controller.abort(new Error('enough'))
  await t.rejects(turns.give(), { message: 'enough' })
})
