import { baseOf, parentOf } from '../diff/entry.js'
import { nearest } from '../nearest.js'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import type { ContextTree } from './context-tree.js'
import { compileGlob, hasWildcard } from './match.js'
import { DockerfileError, type Location } from './problem.js'
import { resolvePath, splitPath } from './resolve-path.js'
import { childPath, isDirectory, type Tree } from './tree.js'

/** A path to copy, links followed, and the last component as it was found. */
export interface Source {
  readonly path: ByteString
  readonly name: ByteString
}

/** Where sources are looked for. */
export interface SourceRoot {
  readonly tree: Tree
  /** Set where the tree is a build context: then nothing may lead out of it. */
  readonly context: ContextTree | null
  /** What people call it: "the build context", "stage base". */
  readonly label: string
  readonly location: Location
}

/**
 * The paths that one source word of COPY or ADD names, in walk order. A word without wildcards has to be there; one
 * with them may match nothing, as in BuildKit.
 */
export function findSources(word: string, root: SourceRoot): readonly Source[] {
  const parts = splitPath(bytesOfText(word))
  checkInside(parts, word, root)
  const wild = parts.findIndex(hasWildcard)
  if (wild < 0) return [findOne(parts.join('/'), word, root)]
  const pattern = compileGlob(textOf(parts.slice(wild).join('/')))
  if (pattern === null) throw problem(root, word, 'a pattern as Go’s filepath.Match reads it', word)
  const directory = follow(root, parts.slice(0, wild).join('/'), word)
  return matchesBelow(root.tree, directory, pattern).map((path) => findOne(path, word, root))
}

/** Fails where a word climbs out of a build context. In an image the root is its own parent. */
function checkInside(parts: readonly ByteString[], word: string, root: SourceRoot): void {
  let depth = 0
  for (const part of parts) {
    depth += part === '..' ? -1 : 1
    if (depth < 0 && root.context)
      throw problem(root, word, 'a path inside the build context', `${word}, which leads out of it`)
  }
}

function findOne(path: ByteString, word: string, root: SourceRoot): Source {
  const found = follow(root, path, word)
  if (found !== '' && root.tree.get(found) === null) throw notFound(found, word, root)
  return { path: found, name: baseOf(splitPath(path).join('/')) }
}

function follow(root: SourceRoot, path: ByteString, word: string): ByteString {
  const escaped = (link: ByteString) =>
    problem(root, word, 'a path inside the build context', `the link ${textOf(link)}, which leads out of it`)
  return resolvePath(root.tree, path, {
    circular: (link) => problem(root, word, 'a path', `links in a circle at ${textOf(link)}`),
    ...(root.context && { escaped })
  })
}

/** As filepath.Walk with a match on each path: what matches is not walked any further. */
function matchesBelow(tree: Tree, directory: ByteString, pattern: RegExp): readonly ByteString[] {
  const matches: ByteString[] = []
  const visit = (from: ByteString, relative: ByteString): void => {
    for (const name of tree.names(from)) {
      const [path, below] = [childPath(from, name), childPath(relative, name)]
      if (pattern.test(textOf(below))) matches.push(path)
      else if (isDirectory(tree, path)) visit(path, below)
    }
  }
  visit(directory, '')
  return matches
}

function notFound(path: ByteString, word: string, root: SourceRoot): DockerfileError {
  const ignoreFile = root.context?.excludedBy(path) ?? null
  if (ignoreFile !== null) {
    const advice = 'take it back there with a line that begins with !'
    return problem(root, word, `${word} in ${root.label}`, `it excluded by ${ignoreFile}`, advice)
  }
  const names = root.tree.names(parentOf(path)).map(textOf)
  const guess = nearest(textOf(baseOf(path)), names)
  const near = guess === null ? null : textOf(childPath(parentOf(path), bytesOfText(guess)))
  return problem(
    root,
    word,
    `${word} in ${root.label}`,
    'nothing there',
    near === null ? undefined : `did you mean ${near}?`
  )
}

function problem(root: SourceRoot, word: string, expected: string, found: string, advice?: string): DockerfileError {
  return new DockerfileError(
    { operation: 'find source', expected, found, ...(advice && { advice }) },
    root.location,
    word
  )
}
