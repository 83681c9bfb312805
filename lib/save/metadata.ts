import { chmodSync, fchmodSync, fchownSync, futimesSync, lchownSync, lutimesSync, renameSync } from 'node:fs'
import type { Entry, Xattrs } from '../diff/entry.js'
import { writeXattr } from '../diff/xattr.js'
import { codeOf } from '../errors.js'
import type { ByteString } from '../streams/bytes.js'
import type { Omissions } from './omissions.js'
import type { OpenDirectory } from './open-directory.js'
import { temporaryName } from './temporary-name.js'
import { timeOf } from './times.js'
import { group, isRoot, user } from './user.js'

/*
 * The owner comes first, because changing it takes away setuid bits and capabilities, and the time last.
 */

/** Gives what `descriptor` is open on, and what `directory` has as `name`, the metadata of `entry`. */
export function applyMetadata(
  descriptor: number,
  directory: OpenDirectory,
  name: ByteString,
  entry: Entry,
  omissions: Omissions
): void {
  keepOwner(entry, omissions, () => fchownSync(descriptor, entry.uid, entry.gid))
  fchmodSync(descriptor, entry.mode)
  applyXattrs(directory, name, entry.xattrs, omissions)
  const time = timeOf(entry)
  futimesSync(descriptor, time, time)
}

/** As `applyMetadata`, for what is not opened: links, devices and fifos. A link has no mode. */
export function applyMetadataByName(
  directory: OpenDirectory,
  name: ByteString,
  entry: Entry,
  omissions: Omissions
): void {
  const path = directory.at(name)
  keepOwner(entry, omissions, () => lchownSync(path, entry.uid, entry.gid))
  if (entry.type !== 'symlink') chmodSync(path, entry.mode)
  applyXattrs(directory, name, entry.xattrs, omissions)
  const time = timeOf(entry)
  lutimesSync(path, time, time)
}

function keepOwner({ uid, gid }: Entry, omissions: Omissions, change: () => void): void {
  if (!isRoot()) return uid === user() && gid === group() ? undefined : omissions.add('owner')
  try {
    change()
  } catch (error) {
    if (codeOf(error) !== 'EPERM' && codeOf(error) !== 'EINVAL') throw error
    omissions.add('owner') // root of a user namespace that does not know this id, or without the capability
  }
}

function applyXattrs(directory: OpenDirectory, name: ByteString, xattrs: Xattrs | null, omissions: Omissions): void {
  if (xattrs === null) return
  withTextPath(directory, name, (path) => {
    for (const [key, value] of xattrs) if (!writeXattr(path, key, value)) omissions.add('xattr')
  })
}

/** The library for attributes takes paths as text: what has a name of other bytes gets another one meanwhile. */
function withTextPath(directory: OpenDirectory, name: ByteString, use: (path: string) => void): void {
  const path = directory.at(name)
  if (typeof path === 'string') return use(path)
  const temporary = directory.at(temporaryName())
  renameSync(path, temporary)
  use(String(temporary))
  renameSync(temporary, path)
}
