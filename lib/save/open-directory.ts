import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { type ByteString, bufferOf, bytesOfText, textOf } from '../streams/bytes.js'

/** What Node's file functions take; text where the name is text. */
export type Path = string | Buffer

/**
 * A directory held open. What is in it is reached through the descriptor, as with openat(2): whatever happens to the
 * directory's own path meanwhile, and however long that is, a name leads to this directory's child.
 */
export interface OpenDirectory {
  readonly descriptor: number
  /** The path to give to Node for a name in it; `.` for itself. */
  at(name: ByteString): Path
  /** The same as bytes. */
  locate(name: ByteString): ByteString
  close(): void
}

/** Opens a directory; a link to one is refused (ENOTDIR or ELOOP). */
export function openDirectory(path: Path): OpenDirectory {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
  const descriptor = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  const prefix = hasDescriptorPaths ? `/proc/self/fd/${descriptor}/` : `${bytesOfPath(path)}/`
  return {
    descriptor,
    at: (name) => pathOf(prefix + name),
    locate: (name) => prefix + name,
    close: () => closeSync(descriptor)
  }
}

/** The path of a byte string: text where it is UTF-8, because some functions take nothing else. */
export function pathOf(bytes: ByteString): Path {
  const text = textOf(bytes)
  return bytesOfText(text) === bytes ? text : bufferOf(bytes)
}

function bytesOfPath(path: Path): ByteString {
  return typeof path === 'string' ? bytesOfText(path) : path.toString('latin1')
}

/** Linux only; elsewhere, and without /proc, names are reached by path. */
const hasDescriptorPaths = existsSync('/proc/self/fd')
