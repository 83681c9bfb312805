import { spawnSync } from 'node:child_process'
import { test } from 'tap'

const graph = new URL('../../lib/graph/index.js', import.meta.url).href

test('when the loop empties with stages unfinished, the program says which and exits with 1', (t) => {
  const program = `
    import { Readable } from 'node:stream'
    import { custom, pipe, run, source } from '${graph}'
    const numbers = source('numbers', () => Readable.from([1]))(null)
    const stuck = custom('a stage that forgets', null, () => async function* () { await new Promise(() => {}) })
    await run([pipe(numbers, stuck)])
  `
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  t.equal(status, 1)
  t.match(stderr, /stages that never ended: a stage that forgets/)
  t.end()
})

test('a stage that does not even end when it is stopped is named, too', (t) => {
  const program = `
    import { Readable } from 'node:stream'
    import { run, source } from '${graph}'
    const never = async function* () { yield await new Promise(() => {}) }
    await run([source('a source that waits forever', () => Readable.from(never()))(null)])
  `
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  t.equal(status, 1)
  t.match(stderr, /stages that never ended: a source that waits forever/)
  t.end()
})

test('many runs at a time made Node warn of listeners', (t) => {
  const program = `
    import { Readable } from 'node:stream'
    import { run, source } from '${graph}'
    const numbers = source('numbers', () => Readable.from([1]))(null)
    await Promise.all(Array.from({ length: 20 }, () => run([numbers])))
    console.log(process.listenerCount('beforeExit'))
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  t.equal(stderr, '')
  t.equal(stdout, '0\n')
  t.end()
})

test('a stage that could not be stopped hid why it had to', (t) => {
  const program = `
    import { Readable } from 'node:stream'
    import { run, source } from '${graph}'
    const never = async function* () { yield await new Promise(() => {}) }
    const waits = source('a source that waits forever', () => Readable.from(never()))(null)
    const fails = source('a source that fails', () => { throw new Error('the disk is gone') })(null)
    await run([waits, fails]).catch((error) => console.log(error.code, error.cause?.message))
  `
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  t.equal(stdout, 'ERR_UNFINISHED the disk is gone\n')
  t.end()
})
