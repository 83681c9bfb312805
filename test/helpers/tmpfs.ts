import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Mounts a small file system of its own for a test: `use` gets its path. False where mounting is not permitted. */
export async function withTmpfs(options: string, use: (path: string) => Promise<void>): Promise<boolean> {
  const path = mkdtempSync(join(tmpdir(), 'layerpipe-tmpfs-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', path], { stdio: 'ignore' })
  } catch {
    rmdirSync(path)
    return false
  }
  try {
    await use(path)
    return true
  } finally {
    execFileSync('umount', [path])
    rmdirSync(path)
  }
}
