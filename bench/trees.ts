import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What is exported. */
export interface Tree {
  readonly name: string
  readonly path: string
}

/** Many small files, a system, and one big file. `remove` deletes what was made for the bench. */
export function prepareTrees(): { readonly trees: readonly Tree[]; remove(): void } {
  const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-trees-'))
  const trees = [
    { name: 'many small files (node_modules)', path: realpathSync('node_modules') },
    { name: 'a system (Debian minbase, else /usr/lib)', path: systemTree(scratch) },
    { name: 'one big file (512 MiB)', path: bigFile(scratch) }
  ]
  return { trees, remove: () => rmSync(scratch, { recursive: true, force: true }) }
}

function systemTree(scratch: string): string {
  const root = join(scratch, 'system')
  const made = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', root], { stdio: 'ignore' })
  if (made.status === 0) return root
  rmSync(root, { recursive: true, force: true })
  return existsSync('/usr/lib/git-core') ? '/usr/lib' : '/usr'
}

/** Text that compresses about as well as programs do: words drawn by a fixed generator. */
function bigFile(scratch: string): string {
  const directory = join(scratch, 'big')
  mkdirSync(directory)
  const file = join(directory, 'data')
  const words = Array.from({ length: 4096 }, (_, index) => (index * 2654435761).toString(36))
  let state = 1
  for (let block = 0; block < 512; block += 1) {
    let text = ''
    while (text.length < 2 ** 20) {
      state = (state * 1103515245 + 12345) % 2 ** 31
      text += `${words[state % words.length]} `
    }
    writeFileSync(file, text.slice(0, 2 ** 20), { flag: 'a' })
  }
  return directory
}
