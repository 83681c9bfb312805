import { createIgnoreMatcher, type IgnoreMatcher } from '../build/ignore.js'
import { UsageError } from '../errors.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import type { Rule } from './rule.js'

/** Files that run as their owner or group, whoever starts them. */
export const noSetuid: Rule = {
  name: 'no-setuid',
  judge: () => ({
    entry: ({ type, mode }) => {
      if (type !== 'file' || (mode & (SETUID | SETGID)) === 0) return null
      return (mode & SETUID) !== 0 ? 'is setuid' : 'is setgid'
    }
  })
}

/** Files that everybody may change, and directories where everybody may remove what others have. */
export const noWorldWritable: Rule = {
  name: 'no-world-writable',
  judge: () => ({
    entry: ({ type, mode }) => {
      const open = (mode & WORLD_WRITABLE) !== 0
      if (type === 'file') return open ? 'can be written by everybody' : null
      return type === 'directory' && open && (mode & STICKY) === 0
        ? 'can be written by everybody, and is not sticky'
        : null
    }
  })
}

/** Paths that match one of the patterns, as an ignore file has them; of a forbidden directory only itself is told. */
export function forbidPaths(patterns: readonly string[]): Rule {
  const matcher = createIgnoreMatcher(patterns, (pattern) => {
    return new UsageError({
      operation: 'read policy',
      subject: `forbidden path ${JSON.stringify(pattern)}`,
      expected: 'a pattern'
    })
  })
  return {
    name: 'forbidden-paths',
    judge() {
      const told = new Set<ByteString>()
      return {
        entry({ type, path }) {
          const forbidden = type === 'whiteout' || type === 'opaque' ? null : findForbidden(path, matcher)
          if (forbidden === null || told.has(forbidden)) return null
          told.add(forbidden)
          return forbidden === path ? 'is a forbidden path' : `lies in a forbidden path, ${textOf(forbidden)}`
        }
      }
    }
  }
}

/** The path, or the highest of the directories that it lies in, that a pattern matches. */
function findForbidden(path: ByteString, matcher: IgnoreMatcher): ByteString | null {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    const directory = path.slice(0, end)
    if (matcher.match(textOf(directory), []).excluded) return directory
  }
  return matcher.match(textOf(path), []).excluded ? path : null
}

/** Owners other than those listed. Null allows all. */
export function limitOwners(users: readonly number[] | null, groups: readonly number[] | null): Rule {
  return {
    name: 'owners',
    judge: () => ({
      entry: ({ type, uid, gid }) => {
        if (type === 'whiteout' || type === 'opaque') return null
        if (users !== null && !users.includes(uid)) return `belongs to user ${uid}`
        return groups !== null && !groups.includes(gid) ? `belongs to group ${gid}` : null
      }
    })
  }
}

/** Bytes of files, uncompressed. Null is no limit. */
export function limitSizes(layer: number | null, image: number | null): Rule {
  const over = (bytes: number, limit: number | null): string | null =>
    limit !== null && bytes > limit ? `holds ${bytes} bytes, and ${limit} are allowed` : null
  return { name: 'size', judge: () => ({ layer: (bytes) => over(bytes, layer), image: (bytes) => over(bytes, image) }) }
}

const SETUID = 0o4000
const SETGID = 0o2000
const STICKY = 0o1000
const WORLD_WRITABLE = 0o002
