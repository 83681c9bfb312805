import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { MAIN } from './program.js'

/*
 * `npm start`: exports this project's own sources to six outputs in one pass, a registry of its own among them, and shows
 * what that made.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const made = mkdtempSync(join(tmpdir(), 'layerpipe-demo-'))

const outputs = [
  'type=oci,dest=image.oci.tar,compression=zstd',
  'type=docker,dest=image.docker.tar',
  'type=tar,dest=rootfs.tar',
  'type=local,dest=rootfs',
  'type=image'
]

const { host, stop } = await serve()
const pushed = `${host}/demo/app:1`

layerpipe(
  'export',
  `dir:${join(root, 'lib')}:/app/lib`,
  ...['-t', 'example/demo', '--change', 'CMD ["node","/app/lib/cli/main.js"]', '--store', 'store'],
  ...[...outputs, `type=registry,name=${pushed},compression=zstd`].flatMap((output) => ['-o', output])
)
layerpipe('inspect', 'oci-archive:image.oci.tar')
layerpipe('inspect', `docker://${pushed}`)
layerpipe('export', `docker://${pushed}`, '-o', `type=registry,name=${host}/demo/copy:1`, '-o', 'pulled')
layerpipe('store', 'ls', '--store', 'store')
await stop()

console.log(`\nIn ${made}:`)
for (const name of readdirSync(made).toSorted()) console.log(`  ${name.padEnd(18)} ${sizeOf(join(made, name))} bytes`)

/** Starts a registry on a free port, as a process of its own. */
async function serve(): Promise<{ readonly host: string; readonly stop: () => Promise<unknown> }> {
  const words = ['serve', '--store', 'store', '--listen', '127.0.0.1:0']
  console.log(`\n$ layerpipe ${words.join(' ')} &`)
  const server = spawn(process.execPath, [MAIN, ...words], { cwd: made, stdio: ['ignore', 'ignore', 'pipe'] })
  process.on('exit', () => server.kill())
  const [line] = await once(createInterface(server.stderr), 'line')
  console.log(line)
  const stop = (): Promise<unknown> => {
    server.kill('SIGINT')
    return once(server, 'exit')
  }
  return { host: new URL(String(line).replace(/.* at /, '')).host, stop }
}

/** Runs the program in the demo's directory, under its command line. */
function layerpipe(...words: readonly string[]): void {
  console.log(`\n$ layerpipe ${words.map(quote).join(' ')}`)
  const { status } = spawnSync(process.execPath, [MAIN, ...words], { cwd: made, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

function quote(word: string): string {
  const short = word.replace(root, `${relative(process.cwd(), root) || '.'}/`)
  return /^[\w./:=,@-]+$/.test(short) ? short : `'${short}'`
}

function sizeOf(path: string): number {
  const found = statSync(path)
  if (!found.isDirectory()) return found.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
