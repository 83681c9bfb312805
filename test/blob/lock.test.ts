import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { withLock } from '../../lib/blob/lock.js'
import { ownOwner } from '../../lib/blob/owner.js'

const LOCK = new URL('../../lib/blob/lock.js', import.meta.url).href

/** Reads, waits and writes a number: loses counts unless it is alone. */
async function increment(directory: string): Promise<void> {
  const path = join(directory, 'count')
  const count = Number(await readFile(path, 'utf8'))
  await new Promise((resolve) => setImmediate(resolve))
  await writeFile(path, String(count + 1))
}

function runScript(script: string, ...parameters: string[]) {
  return spawn(
    process.execPath,
    ['--input-type=module', '-e', `import { withLock } from '${LOCK}'\n${script}`, ...parameters],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    }
  )
}

test('the work of one process runs one after the other', async (t) => {
  const directory = t.testdir({ count: '0' })
  await Promise.all(Array.from({ length: 50 }, () => withLock(join(directory, 'lock'), () => increment(directory))))
  t.equal(readFileSync(join(directory, 'count'), 'utf8'), '50')
  t.strictSame(readdirSync(directory), ['count'])
})

test('who waits for a lock can be stopped', async (t) => {
  const lock = join(t.testdir({}), 'lock')
  const controller = new AbortController()
  await withLock(lock, async () => {
    const waiting = withLock(lock, async () => t.fail('it is held'), controller.signal)
    controller.abort(new Error('no more'))
    await t.rejects(waiting, { message: 'no more' })
  })
  await withLock(lock, async () => t.pass('it was let go'))
})

test('so does that of eight processes, while others are killed with the lock in their hands', async (t) => {
  const directory = t.testdir({ count: '0' })
  const lock = join(directory, 'lock')
  const worker = `import { readFile, writeFile } from 'node:fs/promises'
    const [path, lock] = process.argv.slice(1)
    for (let turn = 0; turn < 10; turn++) await withLock(lock, async () => {
      const count = Number(await readFile(path, 'utf8')); await new Promise(setImmediate); await writeFile(path, String(count + 1))
    })`
  const killer = `await withLock(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  const children = [
    ...Array.from({ length: 8 }, () => runScript(worker, join(directory, 'count'), lock)),
    ...Array.from({ length: 4 }, () => runScript(killer, lock))
  ]
  await Promise.all(children.map((child) => once(child, 'exit')))
  t.equal(readFileSync(join(directory, 'count'), 'utf8'), '80')
})

test('a lock whose holder is gone is taken over, also by many at once', async (t) => {
  const directory = t.testdir({ count: '0' })
  const lock = join(directory, 'lock')
  const [host, , start] = ownOwner().split('-')
  symlinkSync(`${host}-${2 ** 30}-${start}.0123456789ab`, lock)
  await Promise.all(Array.from({ length: 20 }, () => withLock(lock, () => increment(directory))))
  t.equal(readFileSync(join(directory, 'count'), 'utf8'), '20')
  t.strictSame(readdirSync(directory), ['count'])
})

test('a process id that is used again does not keep a lock alive', async (t) => {
  const directory = t.testdir({})
  const [host] = ownOwner().split('-')
  symlinkSync(`${host}-1-ffffffff.0123456789ab`, join(directory, 'lock'))
  t.equal(await withLock(join(directory, 'lock'), async () => 'mine'), 'mine')
})

test('an eviction that a killed process began is finished by the next', async (t) => {
  const directory = t.testdir({})
  const [host, , start] = ownOwner().split('-')
  const dead = `${host}-${2 ** 30}-${start}.0123456789ab`
  symlinkSync(dead, join(directory, 'lock'))
  symlinkSync(`${host}-${2 ** 30}-${start}.ba9876543210`, join(directory, `.layerpipe-evict-${dead}`))
  t.equal(await withLock(join(directory, 'lock'), async () => 'mine'), 'mine')
  t.strictSame(readdirSync(directory), [])
})

test('a lock is let go when the work fails, with its error', async (t) => {
  const directory = t.testdir({})
  const failure = new Error('no')
  await t.rejects(
    withLock(join(directory, 'lock'), () => Promise.reject(failure)),
    failure
  )
  t.throws(() => lstatSync(join(directory, 'lock')), { code: 'ENOENT' })
})

test('a lock in a directory that can not be written is an OutputError', async (t) => {
  writeFileSync(join(t.testdir({}), 'file'), '')
  await t.rejects(
    withLock(join(t.testdirName, 'file', 'lock'), async () => {}),
    { code: 'ERR_OUTPUT' }
  )
})
