import type { ByteString } from '../streams/bytes.js'
import type { Tree } from './tree.js'

/** How many links a path may go through, as Linux has it. */
const MOST_LINKS = 40

export interface ResolveOptions {
  /** Whether a link at the end is followed too. Default true. */
  readonly followLast?: boolean
  /**
   * What happens where a link is absolute or climbs above the root: inside an image it is meant from the image's
   * root, the default; out of a build context it leads away, so there it makes an error.
   */
  readonly escaped?: (link: ByteString) => Error
  /** Makes the error for links that go in circles. */
  readonly circular: (path: ByteString) => Error
}

/** The path in `tree` that `path` leads to when links are followed. What does not exist is kept as it is. */
export function resolvePath(tree: Tree, path: ByteString, options: ResolveOptions): ByteString {
  const pending = splitPath(path)
  const resolved: ByteString[] = []
  let links = 0
  let link: ByteString | null = null
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === '..') {
      if (resolved.length === 0 && link !== null && options.escaped) throw options.escaped(link)
      resolved.pop()
      continue
    }
    const here = [...resolved, part].join('/')
    const entry = tree.get(here)?.entry
    if (entry?.type !== 'symlink' || (pending.length === 0 && options.followLast === false)) {
      resolved.push(part)
      continue
    }
    links += 1
    link = here
    if (links > MOST_LINKS) throw options.circular(path)
    if (entry.link.startsWith('/')) {
      if (options.escaped) throw options.escaped(here)
      resolved.length = 0
    }
    pending.unshift(...splitPath(entry.link))
  }
  return resolved.join('/')
}

/** The components of a path, without empty ones and `.`. */
export function splitPath(path: ByteString): ByteString[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
