import { existsSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readProblem } from '../diff/read-problem.js'
import { UsageError } from '../errors.js'
import { formatReference, parseReference } from '../image/reference.js'
import { nearest } from '../nearest.js'
import type { ImageLocation } from './image-source.js'
import { normalizeTarget } from './target.js'

/** What a source on the command line stands for. */
export type SourceReference =
  /** `path` is absolute; `target` is where it stands in the image: relative, empty for the root. */
  | { readonly kind: 'dir'; readonly path: string; readonly target: string }
  /** `-` is standard input. */
  | { readonly kind: 'tar'; readonly path: string }
  | ImageLocation
  /** An image in a registry, by its full name. */
  | { readonly kind: 'docker'; readonly name: string }

const FORMS = {
  dir: 'dir:PATH[:/TARGET]',
  tar: 'tar:FILE',
  oci: 'oci:DIRECTORY[:TAG]',
  'oci-archive': 'oci-archive:FILE[:TAG]',
  'docker-archive': 'docker-archive:FILE[:TAG]',
  docker: 'docker://NAME'
} as const

type Kind = keyof typeof FORMS

/**
 * Reads a source as people write it. A directory may stand alone, and `-` for a tar on standard input. Looks at the
 * file system only where the text leaves open what is meant: a colon may be part of a path.
 */
export function parseSource(text: string): SourceReference {
  if (text === '-') return { kind: 'tar', path: '-' }
  const colon = text.indexOf(':')
  const kind = KINDS.find((each) => each === text.slice(0, colon))
  return kind === undefined ? guess(text) : parseKind(kind, text.slice(colon + 1), text)
}

const KINDS = ['dir', 'tar', 'oci', 'oci-archive', 'docker-archive', 'docker'] as const satisfies readonly Kind[]

function parseKind(kind: Kind, rest: string, text: string): SourceReference {
  if (rest === '') throw unreadable(text, `nothing behind "${kind}:"`, `write ${FORMS[kind]}`)
  switch (kind) {
    case 'dir':
      return parseDirectory(rest, text)
    case 'tar':
      return { kind, path: rest }
    case 'docker':
      if (!rest.startsWith('//')) throw unreadable(text, 'no "//"', `write docker://${rest}`)
      return { kind, name: formatReference(parseReference(rest.slice(2))) }
    default:
      return { kind, ...splitName(rest, text) }
  }
}

function parseDirectory(rest: string, text: string): SourceReference {
  const at = existsSync(rest) ? -1 : rest.lastIndexOf(':/')
  if (at < 0) return { kind: 'dir', path: resolve(rest), target: '' }
  if (at === 0) throw unreadable(text, 'no path', `write ${FORMS.dir}`)
  const target = normalizeTarget(rest.slice(at + 1))
  if (target === null) throw unreadable(text, `".." in ${rest.slice(at + 1)}`, 'name the target without it')
  return { kind: 'dir', path: resolve(rest.slice(0, at)), target }
}

/** The longest path that exists is the path; where none does, it ends at the first colon. */
function splitName(rest: string, text: string): Omit<ImageLocation, 'kind'> {
  const colons = [...rest.matchAll(/:/g)].map(({ index }) => index)
  const end = [rest.length, ...colons.toReversed()].find((each) => existsSync(rest.slice(0, each))) ?? colons[0]
  if (end === undefined || end === rest.length) return { path: rest, name: null }
  const [path, name] = [rest.slice(0, end), rest.slice(end + 1)]
  if (path === '') throw unreadable(text, 'no path', 'write the path before the tag')
  if (name === '') throw unreadable(text, 'no tag behind the colon', 'leave the colon out, or name an image')
  return { path, name }
}

function guess(text: string): SourceReference {
  const found = statOf(text)
  if (found?.isDirectory()) {
    if (existsSync(join(text, 'oci-layout'))) return { kind: 'oci', path: text, name: null }
    return { kind: 'dir', path: resolve(text), target: '' }
  }
  if (found)
    throw unreadable(text, 'a file', `say what is in it: tar:${text}, oci-archive:${text} or docker-archive:${text}`)
  const withTarget = text.lastIndexOf(':/')
  if (withTarget > 0 && existsSync(text.slice(0, withTarget)))
    throw unreadable(text, 'a path with a target', `write dir:${text}`)
  const [word = '', ...rest] = text.split(':')
  const near = rest.length === 0 ? null : nearest(word, KINDS)
  if (near !== null) throw unreadable(text, `the prefix "${word}:"`, `did you mean ${near}:${rest.join(':')}?`)
  if (isName(text)) throw unreadable(text, 'nothing at that path', `for an image in a registry write docker://${text}`)
  throw unreadable(text, 'nothing at that path', 'check the path, or say what it is with a prefix')
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    throw readProblem('read source', path, cause)
  }
}

function isName(text: string): boolean {
  try {
    return parseReference(text).path !== '' && !/^[./]/.test(text)
  } catch {
    return false
  }
}

function unreadable(text: string, found: string, advice: string): UsageError {
  const expected = Object.values(FORMS).join(', ')
  return new UsageError({ operation: 'read source', subject: JSON.stringify(text), expected, found, advice })
}
