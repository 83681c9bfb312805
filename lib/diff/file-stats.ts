import { type BigIntStats, constants, lstatSync } from 'node:fs'
import { type ByteString, textOf } from '../streams/bytes.js'
import type { EntryType } from './entry.js'
import { nativePath } from './native-path.js'
import { readProblem } from './read-problem.js'

/** All that lstat says of a path but the time of the last reading, and what follows from the others. */
export const STATS_FIELDS = [
  ...(['dev', 'ino', 'mode', 'nlink', 'uid', 'gid'] as const),
  ...(['rdev', 'size', 'mtimeNs', 'ctimeNs'] as const)
] as const

export type FileStats = Pick<BigIntStats, (typeof STATS_FIELDS)[number]>

/** Links are not followed. */
export function readStats(location: ByteString): FileStats {
  try {
    return lstatSync(nativePath(location), { bigint: true })
  } catch (cause) {
    throw readProblem('read directory', textOf(location), cause)
  }
}

/** Null for a socket, which no layer can hold. */
export function typeOf({ mode }: FileStats): EntryType | null {
  switch (Number(mode) & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file'
    case constants.S_IFDIR:
      return 'directory'
    case constants.S_IFLNK:
      return 'symlink'
    case constants.S_IFIFO:
      return 'fifo'
    case constants.S_IFCHR:
      return 'character-device'
    case constants.S_IFBLK:
      return 'block-device'
    default:
      return null
  }
}
