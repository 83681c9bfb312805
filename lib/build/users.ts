import { text as readText } from 'node:stream/consumers'
import { nearest } from '../nearest.js'
import { DockerfileError, type Location } from './problem.js'
import { resolvePath } from './resolve-path.js'
import { openBody, type Tree } from './tree.js'
import type { Owner } from './writer.js'

/** No /etc/passwd is larger than this; one that is would only be read to fill memory. */
const LARGEST = 2 ** 22

/** The largest ID that Linux has; 2^32 - 1 means none. */
const LARGEST_ID = 2 ** 32 - 2

/**
 * Reads `USER[:GROUP]`, names or numbers, by the image's own /etc/passwd and /etc/group. A user's name without a group
 * brings its own group; a number the same number. `root` is 0 in any image, as in BuildKit. Fails on names that are not
 * there.
 */
export async function resolveOwner(text: string, tree: Tree, location: Location): Promise<Owner> {
  const [user = '', group] = text.split(':', 2)
  const fail = (kind: string, word: string, names: readonly string[]) => {
    const guess = nearest(word, names)
    const expected = `a ${kind} that the image has in /etc/${kind === 'user' ? 'passwd' : 'group'}, or a number`
    const advice = guess === null ? {} : { advice: `did you mean ${guess}?` }
    return new DockerfileError(
      { operation: 'find owner', expected, found: word || 'nothing', ...advice },
      location,
      text
    )
  }
  const uid = readId(user)
  const account = uid === null ? await find(tree, 'etc/passwd', user, (names) => fail('user', user, names)) : null
  const gid = group || (account?.[3] ?? user)
  const known = readId(gid)
  const members = known === null ? await find(tree, 'etc/group', gid, (names) => fail('group', gid, names)) : null
  return { uid: uid ?? readId(account?.[2] ?? '') ?? 0, gid: known ?? readId(members?.[2] ?? '') ?? 0 }
}

function readId(text: string): number | null {
  if (text === 'root') return 0
  return /^\d{1,10}$/.test(text) && Number(text) <= LARGEST_ID ? Number(text) : null
}

async function find(
  tree: Tree,
  path: string,
  name: string,
  fail: (names: readonly string[]) => Error
): Promise<readonly string[]> {
  const node = tree.get(resolvePath(tree, path, { circular: () => fail([]) }))
  const text = node?.body && node.entry.size <= LARGEST ? await readText(openBody(node.body, node.entry)) : ''
  const lines = text === '' ? [] : text.split('\n').map((line) => line.split(':'))
  const found = lines.find(([first]) => first === name && name !== '')
  if (found) return found
  throw fail(lines.flatMap(([first]) => first || []))
}
