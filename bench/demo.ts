import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * `npm start`: exports this project's own sources to five outputs in one pass, and shows what that made.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/lib/cli/main.js')
const made = mkdtempSync(join(tmpdir(), 'layerpipe-demo-'))

const outputs = [
  'type=oci,dest=image.oci.tar,compression=zstd',
  'type=docker,dest=image.docker.tar',
  'type=tar,dest=rootfs.tar',
  'type=local,dest=rootfs',
  'type=image'
]

layerpipe(
  'export',
  `dir:${join(root, 'lib')}:/app/lib`,
  ...['-t', 'example/demo', '--change', 'CMD ["node","/app/lib/cli/main.js"]', '--store', 'store'],
  ...outputs.flatMap((output) => ['-o', output])
)
layerpipe('inspect', 'oci-archive:image.oci.tar')
layerpipe('store', 'ls', '--store', 'store')

console.log(`\nIn ${made}:`)
for (const name of readdirSync(made).toSorted()) console.log(`  ${name.padEnd(18)} ${sizeOf(join(made, name))} bytes`)

/** Runs the program in the demo's directory, under its command line. */
function layerpipe(...words: readonly string[]): void {
  console.log(`\n$ layerpipe ${words.map(quote).join(' ')}`)
  const { status } = spawnSync(process.execPath, [main, ...words], { cwd: made, stdio: 'inherit' })
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
