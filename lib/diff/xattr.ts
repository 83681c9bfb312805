import { closeSync, constants, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type ByteString, bufferOf, bytesOfText, isAscii, textOf } from '../streams/bytes.js'
import { baseOf, parentOf, type Xattrs } from './entry.js'

const require = createRequire(import.meta.url)

let loaded: typeof import('@napi-rs/xattr') | null = null

/** Loaded with the first file that is asked: a build that has not changed asks none. Found once, for files are many. */
const library = (): typeof import('@napi-rs/xattr') => (loaded ??= require('@napi-rs/xattr'))

/**
 * All extended attributes of a file or a directory, links not followed: `none` where it says so itself, `unknown` where
 * it can't be asked, because the file system has no such thing or this user may not, `unreachable` where the name itself
 * is not UTF-8 and no directory's. The door to `@napi-rs/xattr`, which takes paths as text.
 */
export function readXattrs(location: ByteString, type: 'file' | 'directory'): FoundXattrs {
  if (isAscii(location)) return readAt(location)
  if (isText(location)) return readAt(textOf(location))
  const [parent, base] = type === 'directory' ? [location, '.'] : [parentOf(location), baseOf(location)]
  return isText(base) ? readBelow(parent, textOf(base)) : 'unreachable'
}

export type FoundXattrs = Xattrs | 'none' | 'unknown' | 'unreachable'

/** Sets an extended attribute of a path, links not followed. Says whether that was possible here. */
export function writeXattr(path: string, name: ByteString, value: Buffer): boolean {
  const { setAttributeSync } = library()
  try {
    setAttributeSync(path, textOf(name), value)
    return true
  } catch {
    return false // not on this file system, not this user's to set, or too large: the same to who wanted to keep it
  }
}

function isText(bytes: ByteString): boolean {
  return bytesOfText(textOf(bytes)) === bytes
}

/** Linux has a path of plain text for a directory that is open. */
function readBelow(directory: ByteString, base: string): FoundXattrs {
  const descriptor = openDirectory(directory)
  if (descriptor === null) return 'unreachable'
  try {
    return readAt(`/proc/self/fd/${descriptor}/${base}`)
  } finally {
    closeSync(descriptor)
  }
}

function openDirectory(location: ByteString): number | null {
  try {
    return openSync(bufferOf(location), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch {
    return null // it can be entered, but not read, by this user
  }
}

function readAt(path: string): FoundXattrs {
  const names = listNames(path)
  if (names === null) return 'unknown'
  const found = new Map<ByteString, Buffer>()
  for (const name of names) {
    const value = library().getAttributeSync(path, name)
    if (value) found.set(bytesOfText(name), value)
  }
  if (found.size > 0) return found
  return names.length > 0 ? 'unknown' : 'none'
}

function listNames(path: string): readonly string[] | null {
  const { listAttributesSync } = library()
  try {
    return listAttributesSync(path)
  } catch {
    return null // not supported here, or not readable by this user: such a file has none that could be kept
  }
}
