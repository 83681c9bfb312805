import { posix } from 'node:path'
import { compileGlob } from './match.js'

/** The patterns of an ignore file, cleaned, in order; those that take back begin with `!`. */
export function readIgnorePatterns(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => cleanPattern(line.trim()))
    .filter((pattern) => pattern !== '')
}

function cleanPattern(line: string): string {
  const negated = line.startsWith('!')
  const bare = (negated ? line.slice(1) : line).trim()
  if (bare === '') return line
  const clean = cleanPath(bare)
  const relative = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean
  return negated ? `!${relative}` : relative
}

/** As Go's `filepath.Clean`: no trailing slash either. */
function cleanPath(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}

/** What is known of a directory, for its children: which patterns match it or one of its parents. */
export type ParentMatch = readonly boolean[]

/**
 * Decides which paths an ignore file excludes, exactly as moby's patternmatcher does: the last pattern that matches
 * a path or one of its parents decides.
 */
export interface IgnoreMatcher {
  /** `path` is relative, with slashes; `parent` is what this gave for its directory, or empty at the top. */
  match(path: string, parent: ParentMatch): { readonly excluded: boolean; readonly match: ParentMatch }
  /** Whether something below an excluded directory may be taken back, so that it has to be walked all the same. */
  reaches(directory: string): boolean
}

/** `fail` makes the error for a malformed pattern. */
export function createIgnoreMatcher(patterns: readonly string[], fail: (pattern: string) => Error): IgnoreMatcher {
  const rules = patterns.map((each) => each.trim()).filter((each) => each !== '')
  const compiled = rules.map((pattern) => compileRule(pattern, fail))
  return {
    match(path, parent) {
      let excluded = false
      const match = compiled.map((rule, index) => {
        const inherited = parent[index] ?? false
        const matches = inherited || (rule.negated === excluded && rule.test(path))
        if (matches) excluded = !rule.negated
        return matches
      })
      return { excluded, match }
    },
    reaches: (directory) =>
      compiled.some(({ negated, text }) => negated && (/[*?[]/.test(text) || `${text}/`.startsWith(`${directory}/`)))
  }
}

interface Rule {
  readonly negated: boolean
  readonly text: string
  test(path: string): boolean
}

function compileRule(pattern: string, fail: (pattern: string) => Error): Rule {
  const clean = cleanPath(pattern)
  const negated = clean.startsWith('!')
  const text = negated ? clean.slice(1) : clean
  if (text === '' || compileGlob(text) === null) throw fail(pattern)
  const [, suffix] = /^\*\*([^*?[\]\\]*)$/.exec(text) ?? []
  // A quirk of the original that people rely on: `**name` is a bare suffix, as soon as nothing else is special in it.
  if (suffix !== undefined) return { negated, text, test: (path) => `/${path}`.endsWith(suffix) }
  const expression = new RegExp(`^${translate(text)}$`, 'u')
  return { negated, text, test: (path) => expression.test(path) }
}

/** `**` crosses slashes; alone at the end it stands for everything below, with something in front of it or not. */
function translate(text: string): string {
  return text.replace(/\*\*\/?|\*|\?|\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|[\s\S]/gu, (token, at: number) => {
    if (token.startsWith('**')) {
      const last = at + token.length === text.length
      return last ? '.*' : '(?:.*/)?'
    }
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token === '^' || (token.length > 1 && token.startsWith('['))) return token
    return escapeLiteral(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token)
  })
}

function escapeLiteral(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}
