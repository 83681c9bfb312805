import { readdirSync } from 'node:fs'
import { isPendingName } from '../blob/pending-name.js'
import type { ByteString } from '../streams/bytes.js'
import { nativePath } from './native-path.js'

/**
 * The names in a directory of this machine, in byte order, without what an export, perhaps this one, has begun to write
 * there. Fails with the system's own errors.
 */
export function readNames(location: ByteString): readonly ByteString[] {
  const names = readdirSync(nativePath(location), 'latin1')
  return names.filter((name) => !isPendingName(name)).sort()
}
