import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { createWorkerPool } from '../../lib/codec/worker-pool.js'

/** A thread that answers, throws or ends as it is told. */
const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', (order) => {
      if (order === 'throw') throw new Error('out of luck')
      if (order === 'exit') process.exit(3)
      if (order === 'exit later') setImmediate(() => process.exit(4))
      parentPort.postMessage(order.toUpperCase())
    })`)}`
)

test('a pool answers every request, many at a time', async (t) => {
  const pool = createWorkerPool<string, string>('test', SCRIPT)
  t.same(await Promise.all(['a', 'b', 'c'].map((request) => pool.call(request, []))), ['A', 'B', 'C'])
  t.equal(await pool.call('again', []), 'AGAIN')
})

test('a thread that dies fails its request with the reason, and the pool goes on', async (t) => {
  const pool = createWorkerPool<string, string>('test', SCRIPT)
  await t.rejects(pool.call('throw', []), { code: 'ERR_WORKER', message: /out of luck/ })
  await t.rejects(pool.call('exit', []), { code: 'ERR_WORKER', message: /status 3/ })
  t.equal(await pool.call('alive', []), 'ALIVE')
})

test('a thread that dies while it is idle is not asked again', async (t) => {
  const pool = createWorkerPool<string, string>('test', SCRIPT)
  t.equal(await pool.call('exit later', []), 'EXIT LATER')
  await wait(100)
  t.equal(await pool.call('alive', []), 'ALIVE')
})

test('more threads than ten made Node warn of a leak of listeners', (t) => {
  const program = `
    import { createWorkerPool } from ${JSON.stringify(new URL('../../lib/codec/worker-pool.js', import.meta.url).href)}
    const pool = createWorkerPool('test', new URL(${JSON.stringify(SCRIPT.href)}))
    await Promise.all(Array.from({ length: 12 }, () => pool.call('a', [])))
    process.exit()`
  const path = join(t.testdir(), 'stderr')
  const stderr = openSync(path, 'w')
  const words = ['-u', 'NODE_OPTIONS', process.execPath, '--input-type=module', '-e', program]
  t.equal(spawnSync('env', words, { stdio: ['ignore', 'ignore', stderr] }).status, 0)
  closeSync(stderr)
  t.equal(readFileSync(path, 'utf8'), '')
  t.end()
})
