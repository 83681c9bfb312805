import { getAttributeSync, listAttributesSync, setAttributeSync } from '@napi-rs/xattr'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import type { Xattrs } from './entry.js'

/**
 * All extended attributes of a path, links not followed, or null where there are none or the file system has no such
 * thing. The door to `@napi-rs/xattr`.
 */
export function readXattrs(path: string): Xattrs | null {
  const names = listNames(path)
  if (names.length === 0) return null
  const found = new Map<ByteString, Buffer>()
  for (const name of names) {
    const value = getAttributeSync(path, name)
    if (value) found.set(bytesOfText(name), value)
  }
  return found.size > 0 ? found : null
}

/** Sets an extended attribute of a path, links not followed. Says whether that was possible here. */
export function writeXattr(path: string, name: ByteString, value: Buffer): boolean {
  try {
    setAttributeSync(path, textOf(name), value)
    return true
  } catch {
    return false // not on this file system, not this user's to set, or too large: the same to who wanted to keep it
  }
}

function listNames(path: string): readonly string[] {
  try {
    return listAttributesSync(path)
  } catch {
    return [] // not supported here, or not readable by this user: such a file has none that could be kept
  }
}
