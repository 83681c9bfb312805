import { nearest } from '../nearest.js'
import { DockerfileError, type Location } from './problem.js'
import type { Statement } from './statement.js'

/** What an instruction's flags take: a boolean may stand alone, a list may be repeated. */
export type FlagKind = 'text' | 'boolean' | 'list'

/** The flags of one instruction, by name. */
export interface Flags {
  text(name: string): string | null
  boolean(name: string): boolean | null
  list(name: string): readonly string[]
}

/**
 * Takes the `--name=value` words off the front of a statement. As in BuildKit, quotes in them are removed, and `\`
 * escapes in all of them. Fails on unknown, repeated and ill-typed flags.
 */
export function takeFlags(statement: Statement, known: Readonly<Record<string, FlagKind>>): [Flags, string] {
  const values = new Map<string, string[]>()
  let rest = statement.rest
  for (let word = FLAG.exec(rest)?.[0]; word; word = FLAG.exec(rest)?.[0]) {
    rest = rest.slice(word.length).trimStart()
    if (word === '--') break
    const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(unquote(word)) ?? []
    const kind = kindOf(name, known, statement, word)
    if (kind !== 'list' && values.has(name)) throw repeated(statement.location, word)
    values.set(name, [...(values.get(name) ?? []), check(kind, value, word, statement.location)])
  }
  return [createFlags(values), rest]
}

/** What is quoted, its closing quote perhaps missing, or escaped. */
const QUOTED = /"((?:\\[\s\S]|[^"\\])*)(?:"|\\?$)|'((?:\\[\s\S]|[^'\\])*)(?:'|\\?$)|\\([\s\S]?)/

const FLAG = new RegExp(`^--(?:${QUOTED.source}|[^\\s"'\\\\])*`)

function unquote(word: string): string {
  return word.replace(new RegExp(QUOTED, 'g'), (_, double?: string, single?: string, escaped?: string) => {
    return (double ?? single)?.replace(/\\([\s\S])/g, '$1') ?? escaped ?? ''
  })
}

function kindOf(
  name: string,
  known: Readonly<Record<string, FlagKind>>,
  { keyword, location }: Statement,
  word: string
) {
  const kind = Object.hasOwn(known, name) ? known[name] : undefined
  if (kind) return kind
  const names = Object.keys(known)
  const expected = names.length === 0 ? 'no flags' : `one of ${names.map((each) => `--${each}`).join(', ')}`
  const guess = nearest(name, names)
  throw new DockerfileError(
    { operation: `read ${keyword}`, expected, found: word, ...(guess && { advice: `did you mean --${guess}?` }) },
    location,
    word
  )
}

function check(kind: FlagKind, value: string | undefined, word: string, location: Location): string {
  if (kind === 'boolean') {
    if (value === undefined || /^(?:1|t|true)$/i.test(value)) return 'true'
    if (/^(?:0|f|false)$/i.test(value)) return 'false'
    throw new DockerfileError({ operation: 'read flag', expected: 'true or false', found: value }, location, word)
  }
  if (value !== undefined) return value
  throw new DockerfileError({ operation: 'read flag', expected: `${word}=VALUE`, found: word }, location, word)
}

function repeated(location: Location, word: string): DockerfileError {
  return new DockerfileError({ operation: 'read flag', expected: 'it once', found: 'it twice' }, location, word)
}

function createFlags(values: ReadonlyMap<string, readonly string[]>): Flags {
  const last = (name: string): string | null => values.get(name)?.at(-1) ?? null
  return {
    text: last,
    boolean: (name) => (last(name) === null ? null : last(name) === 'true'),
    list: (name) => values.get(name) ?? []
  }
}
