import { linkSync, lstatSync } from 'node:fs'
import type { Entry } from '../diff/entry.js'
import type { InputError } from '../errors.js'
import { textOf } from '../streams/bytes.js'
import { entryProblem } from './entry-problem.js'
import type { OpenDirectory, Path } from './open-directory.js'

/**
 * Links `path` to what the tree below `root` has at the entry's link. The target has to be an entry of this tree: one
 * that is reached through a symbolic link, or above the root, may be anything on this machine.
 */
export function linkEntry(root: OpenDirectory, entry: Entry, path: Path): void {
  const components = entry.link.split('/')
  if (components.some((each) => each === '' || each === '.' || each === '..')) throw wrongTarget(entry, 'another path')
  for (let depth = 1; depth < components.length; depth += 1) {
    const above = lstatSync(root.at(components.slice(0, depth).join('/')), { throwIfNoEntry: false })
    if (!above?.isDirectory()) throw wrongTarget(entry, above ? 'a path through a link or a file' : 'nothing there')
  }
  const target = lstatSync(root.at(entry.link), { throwIfNoEntry: false })
  if (!target) throw wrongTarget(entry, 'nothing there')
  if (target.isDirectory()) throw wrongTarget(entry, 'a directory')
  linkSync(root.at(entry.link), path)
}

function wrongTarget(entry: Entry, found: string): InputError {
  return entryProblem(entry, { expected: `an entry before it at ${JSON.stringify(textOf(entry.link))}`, found })
}
