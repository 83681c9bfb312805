import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What changes whenever somebody touches a file: size, both times and the inode. Null where there is no such file. */
export async function fingerprint(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null)
  return found && fingerprintOf(found)
}

/** Null for what is no file. */
export function fingerprintOf(found: BigIntStats): string | null {
  return found.isFile() ? `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}` : null
}
