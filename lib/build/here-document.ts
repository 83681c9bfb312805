import { DockerfileError, type Location } from './problem.js'
import { splitQuoted } from './words.js'

/** A here-document behind an instruction. */
export interface Heredoc {
  readonly name: string
  /** With its line ends; leading tabs removed where `<<-` asked for it. */
  readonly content: string
  /** False where the name was quoted: variables in it stay as they are. */
  readonly expand: boolean
}

/** The operator of a here-document, which stands alone as a word. */
export interface HeredocOperator {
  readonly name: string
  /** Whether tabs at the beginnings of lines are removed. */
  readonly tabs: boolean
  readonly expand: boolean
}

/** `<<NAME`, `<<-NAME`, with a name of whatever characters, perhaps in quotes. */
const OPERATOR = /^\d*<<(-?)([^<]+)$/

/** What a shell removes: single quotes, double quotes, and escape characters outside of both. */
const QUOTED = /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g

/** Reads a word as BuildKit does, whose escape character here is always `\`. Null where it begins no here-document. */
export function parseHeredocOperator(word: string): HeredocOperator | null {
  const [, dash = '', quoted] = OPERATOR.exec(word) ?? []
  if (quoted === undefined || /['"]/.test(quoted.replace(QUOTED, ''))) return null
  const isQuoted = [...quoted.matchAll(QUOTED)].some(([, single, double]) => (single ?? double) !== undefined)
  const name = quoted.replace(QUOTED, (_, single?: string, double?: string, escaped?: string) => {
    return single ?? double?.replace(/\\(["$\\])/g, '$1') ?? escaped ?? ''
  })
  return name === '' ? null : { name, tabs: dash !== '', expand: !isQuoted }
}

/**
 * Reads the here-documents that the arguments of an instruction begin, from line `first` on; `next` is the line behind
 * them. Fails on one without an end.
 */
export function readHeredocs(rest: string, location: Location, first: number) {
  let next = first
  const heredocs = splitQuoted(rest, '\\').flatMap((word): readonly Heredoc[] => {
    const operator = parseHeredocOperator(word)
    if (operator === null) return []
    const { content, end } = readContent(operator, word, location, next)
    next = end + 1
    return [{ name: operator.name, content, expand: operator.expand }]
  })
  return { heredocs, next }
}

function readContent({ name, tabs }: HeredocOperator, word: string, location: Location, first: number) {
  const { lines } = location
  let content = ''
  for (let end = first; end < lines.length; end += 1) {
    const line = (lines[end] ?? '').replace(tabs ? /^\t+/ : '', '')
    if (line.replace(/\r+$/, '') === name) return { content, end }
    content += `${line}\n`
  }
  const problem = { operation: 'read here-document', expected: `a line that is ${name} alone`, found: 'the end' }
  throw new DockerfileError(problem, location, word)
}
