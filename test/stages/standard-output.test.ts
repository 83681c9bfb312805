import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import { ClosedOutputError } from '../../lib/errors.js'
import { writeStandardOutput } from '../../lib/stages/standard-output.js'
import { flow } from '../../lib/streams/flow.js'

test('a borrowed stream gets all bytes and stays open', async (t) => {
  const target = new PassThrough()
  const received = buffer(target)
  await flow([
    Readable.from([Buffer.from('one '), Buffer.from('two')], { objectMode: false }),
    writeStandardOutput(target)
  ])
  t.notOk(target.writableEnded)
  target.end(' three')
  t.equal((await received).toString(), 'one two three')
})

test('a reader that goes away is a ClosedOutputError', async (t) => {
  const reader = spawn('head', ['-c', '1'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(65536))
    }
  })
  await t.rejects(
    flow([endless, writeStandardOutput(reader.stdin)]),
    new ClosedOutputError({ operation: 'write', subject: 'standard output', found: 'a closed pipe' })
  )
  await once(reader, 'close')
})

test('any other failure comes as it is', async (t) => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no paper')) })
  await t.rejects(flow([Readable.from([Buffer.from('x')]), writeStandardOutput(broken)]), { message: 'no paper' })
})

test('a full disk behind standard output was told in the words of the system', async (t) => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const disk = new Writable({ write: (_chunk, _encoding, done) => done(full) })
  const written = flow([Readable.from([Buffer.from('x')]), writeStandardOutput(disk)])
  await t.rejects(written, { name: 'OutputError', message: /^write: standard output: found no space left/ })
})

test('a program whose reader left is not ended by an unhandled event', (t) => {
  const program = `
    import { Readable } from 'node:stream'
    import { writeStandardOutput } from ${JSON.stringify(new URL('../../lib/stages/standard-output.js', import.meta.url).href)}
    import { flow } from ${JSON.stringify(new URL('../../lib/streams/flow.js', import.meta.url).href)}
    const endless = new Readable({ read() { this.push(Buffer.alloc(65536)) } })
    flow([endless, writeStandardOutput(process.stdout)]).catch((error) => { console.error(error.code); process.exitCode = 1 })
  `
  const shell = `"$0" --input-type=module -e "$1" | head -c 1 >/dev/null; echo "exit \${PIPESTATUS[0]}"`
  const ran = spawnSync('bash', ['-c', shell, process.execPath, program], { encoding: 'utf8' })
  t.equal(ran.stderr.trim(), 'ERR_CLOSED_OUTPUT')
  t.equal(ran.stdout.trim(), 'exit 1')
  t.end()
})
