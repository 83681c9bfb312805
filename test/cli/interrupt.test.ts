import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { layerpipe, MAIN } from '../helpers/command.js'

/** What gives a program a terminal comes with every Debian. */
const noTerminal = existsSync('/usr/bin/script') ? false : 'script is not installed'
const CONTROL_C = '\x03'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} stops a run, exits 130 and leaves nothing behind`, async (t) => {
    const cwd = t.testdir({ 'a.tar': 'before', tmp: {} })
    let stopped = false
    const ran = await layerpipe(['export', '-', '-o', 'type=oci,dest=a.tar', '-o', 'tree', '--progress=plain'], {
      cwd,
      env: { TMPDIR: join(cwd, 'tmp') },
      keepStdinOpen: true,
      onStderr: (text, child) => {
        if (stopped || !text.includes('#1 tarball')) return
        stopped = child.kill(signal)
      }
    })
    t.equal(ran.code, 130, ran.stderr)
    t.match(ran.stderr, new RegExp(`\nlayerpipe: interrupted: ${signal}\n$`))
    t.equal(await readFile(join(cwd, 'a.tar'), 'utf8'), 'before')
    t.same((await readdir(cwd)).toSorted(), ['a.tar', 'tmp'])
    t.same(await readdir(join(cwd, 'tmp')), [])
  })
}

/** A run on a terminal of its own, that waits for a registry which never answers. */
async function startOnTerminal(t: Test) {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.closeAllConnections())
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const cwd = t.testdir({ app: { a: 'a' }, tmp: {} })
  const words = [process.execPath, MAIN, 'export', 'app', '-o', `type=registry,name=127.0.0.1:${port}/app:1`]
  const env = { ...process.env, TMPDIR: join(cwd, 'tmp'), XDG_CACHE_HOME: join(cwd, 'cache') }
  const script = ['-qec', `stty columns 80 rows 24; echo $$ >pid; exec ${words.join(' ')}`, '/dev/null']
  const terminal = spawn('script', script, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] })
  await once(silent, 'request')
  const pid = (await readFile(join(cwd, 'pid'), 'utf8')).trim()
  return { terminal, pid, temporary: () => readdir(join(cwd, 'tmp')) }
}

/** Also of a process that nobody has waited for. */
async function hasEnded(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '(gone) Z')
  return stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
}

test('on a terminal a run that is interrupted cleans up, too', { skip: noTerminal }, async (t) => {
  const { terminal, temporary } = await startOnTerminal(t)
  let shown = ''
  terminal.stdout.on('data', (chunk) => {
    shown += chunk
  })
  terminal.stdin.write(CONTROL_C)
  await once(terminal, 'close')
  t.match(shown, /\(8\/8\) CANCELED[\s\S]* => CANCELED upload /)
  t.notMatch(shown, 'ERROR')
  t.match(shown, 'layerpipe: interrupted: SIGINT')
  t.same(await temporary(), [])
})

test('a run whose terminal was closed left everything behind', { skip: noTerminal }, async (t) => {
  const { terminal, pid, temporary } = await startOnTerminal(t)
  terminal.kill('SIGKILL')
  while (!(await hasEnded(pid))) await new Promise((resolve) => setTimeout(resolve, 20))
  t.same(await temporary(), [])
})

test('a reader of standard output that leaves ends the program quietly, with 1', async (t) => {
  const cwd = t.testdir()
  await mkdir(join(cwd, 'app'))
  await writeFile(join(cwd, 'app', 'big'), Buffer.alloc(4 << 20, 'x'))
  const words = ['export', 'app', '-q', '-o', 'type=oci,compression=uncompressed']
  const child = spawn(process.execPath, [MAIN, ...words], { cwd })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'close')
  t.equal(code, 1)
  t.equal(stderr, '')
})

test('a named pipe that nobody had opened, or that nobody read on, kept the program from ending', async (t) => {
  const cwd = t.testdir({ app: { big: 'x'.repeat(2 ** 20) }, tmp: {} })
  execFileSync('mkfifo', ['source', 'unread', 'stalled'], { cwd })
  const reader = await open(join(cwd, 'stalled'), constants.O_RDONLY | constants.O_NONBLOCK)
  t.teardown(() => reader.close())
  for (const [started, ...words] of [
    ['#1 tarball', 'tar:source', '-o', 'out'],
    ['sending tarball', 'app', '-o', 'type=tar,dest=unread'],
    ['sending tarball', 'app', '-o', 'type=oci,compression=uncompressed,dest=stalled'],
    ['exporting manifest', 'app', '-o', 'type=oci,dest=a.tar', '--metadata-file', 'unread'],
    ['exporting manifest', 'app', '-o', 'type=oci,dest=a.tar', '--trace', 'unread']
  ] as const) {
    let stopped = false
    const ran = await layerpipe(['export', ...words, '--progress=plain'], {
      cwd,
      env: { TMPDIR: join(cwd, 'tmp') },
      onStderr: (text, child) => {
        if (stopped || !text.includes(started)) return
        stopped = child.kill('SIGTERM')
      }
    })
    t.equal(ran.code, 130, `${words.join(' ')}: ${ran.stderr}`)
  }
  t.same(await readdir(join(cwd, 'tmp')), [])
})

test('a named pipe is read and written as any other is', async (t) => {
  const cwd = t.testdir({ app: { big: 'x'.repeat(2 ** 20) } })
  execFileSync('mkfifo', ['a', 'b'], { cwd })
  execFileSync('tar', ['cf', 'app.tar', '-C', 'app', '.'], { cwd })
  const ends = spawn('sh', ['-c', '(sleep 0.2; cat app.tar > a) & cat b > copy.tar; wait'], { cwd })
  const ended = once(ends, 'close')
  const ran = await layerpipe(['export', 'tar:a', '-q', '-o', 'type=tar,dest=b', '-o', 'type=tar,dest=c.tar'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  await ended
  t.ok((await readFile(join(cwd, 'copy.tar'))).equals(await readFile(join(cwd, 'c.tar'))))
  t.equal(execFileSync('tar', ['xOf', 'copy.tar', 'big'], { cwd }).length, 2 ** 20)
})
