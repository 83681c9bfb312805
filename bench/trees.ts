import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createText } from './text.js'

/** What is exported. */
export interface Tree {
  readonly name: string
  readonly path: string
}

const MAKERS: readonly { readonly name: string; readonly make: (scratch: string) => string }[] = [
  { name: 'many small files (node_modules)', make: () => realpathSync('node_modules') },
  { name: 'a system (Debian minbase, else /usr/lib)', make: systemTree },
  { name: 'one big file (512 MiB)', make: bigFile }
]

/**
 * Many small files, a system, and one big file; those of them whose name is wanted. `remove` deletes what was made for
 * the bench.
 */
export function prepareTrees(isWanted: (name: string) => boolean): { readonly trees: readonly Tree[]; remove(): void } {
  const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-trees-'))
  const trees = MAKERS.filter(({ name }) => isWanted(name)).map(({ name, make }) => ({ name, path: make(scratch) }))
  spawnSync('sync') // who makes files durable would wait for the trees, too
  return { trees, remove: () => rmSync(scratch, { recursive: true, force: true }) }
}

function systemTree(scratch: string): string {
  const root = join(scratch, 'system')
  const made = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', root], { stdio: 'ignore' })
  if (made.status === 0) return root
  rmSync(root, { recursive: true, force: true })
  return existsSync('/usr/lib/git-core') ? '/usr/lib' : '/usr'
}

function bigFile(scratch: string): string {
  const directory = join(scratch, 'big')
  mkdirSync(directory)
  const file = join(directory, 'data')
  const nextText = createText()
  for (let block = 0; block < 512; block += 1) writeFileSync(file, nextText(2 ** 20), { flag: 'a' })
  return directory
}
