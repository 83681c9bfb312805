import { chmodSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'

/** Changes one byte of a file as a failing disk would: its size and its mtime stay. */
export function flipByte(path: string, at = 0): void {
  const { mode, atime, mtime } = statSync(path)
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  chmodSync(path, 0o644)
  writeFileSync(path, bytes)
  chmodSync(path, mode)
  utimesSync(path, atime, mtime)
}
