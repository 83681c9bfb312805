import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An empty directory that every user can enter, wherever the tests themselves lie. The test removes it. */
export function publicDirectory(t: { teardown(remove: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'layerpipe-test-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  chmodSync(directory, 0o755)
  return directory
}
