import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs'
import type { Path } from './open-directory.js'

/** Whether two paths, neither of them a directory, are of one type and hold the same bytes, target or device. */
export function haveSameContent(left: Path, right: Path): boolean {
  const [a, b] = [lstatSync(left), lstatSync(right)]
  if (typeOf(a) !== typeOf(b) || a.rdev !== b.rdev) return false
  if (a.isSymbolicLink()) return readlinkSync(left, 'latin1') === readlinkSync(right, 'latin1')
  return !a.isFile() || (a.size === b.size && haveSameBytes(left, right))
}

/** The bits of a mode that say what it is the mode of (inode(7), S_IFMT). */
const TYPE_BITS = 0o170000

function typeOf({ mode }: Stats): number {
  return mode & TYPE_BITS
}

const CHUNK = 2 ** 18

function haveSameBytes(left: Path, right: Path): boolean {
  const files = [openSync(left, 'r'), openSync(right, 'r')] as const
  const [a, b] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)]
  try {
    for (;;) {
      const [length, other] = [readSync(files[0], a), readSync(files[1], b)]
      if (length !== other || !a.subarray(0, length).equals(b.subarray(0, other))) return false
      if (length === 0) return true
    }
  } finally {
    for (const file of files) closeSync(file)
  }
}
