import type { Segment } from './dockerfile-ast.js'
import { DockerfileError, type Location } from './problem.js'

/** A here-document behind an instruction. */
export interface Heredoc {
  readonly name: string
  /** With its newlines; leading tabs removed where `<<-` asked for it. */
  readonly content: string
  /** False where the name was quoted: variables in it stay as they are. */
  readonly expand: boolean
}

/** An instruction with continued lines joined and comments removed, its flags and arguments not yet told apart. */
export interface Statement {
  /** Upper case. */
  readonly keyword: string
  /** What follows the keyword. */
  readonly rest: string
  readonly heredocs: readonly Heredoc[]
  readonly escapeCharacter: string
  readonly location: Location
}

/** Reads one instruction out of the lines of its Dockerfile. Fails on a here-document without an end. */
export function readStatement(
  { keyword, start, end }: Segment,
  location: Location,
  escapeCharacter: string
): Statement {
  const { text, next } = joinContinued(location.lines, start, end, escapeCharacter)
  const [, rest = ''] = /^\S+\s+([\s\S]*)$/.exec(text) ?? []
  const here = { ...location, start, end }
  return {
    keyword: keyword.toUpperCase(),
    rest: rest.trim(),
    heredocs: WITH_HEREDOCS.has(text.split(/\s/, 1)[0]?.toUpperCase() ?? '') ? readHeredocs(rest, here, next) : [],
    escapeCharacter,
    location: here
  }
}

const WITH_HEREDOCS = new Set(['ADD', 'COPY', 'RUN', 'ONBUILD'])

function joinContinued(lines: readonly string[], start: number, end: number, escapeCharacter: string) {
  let text = ''
  let next = start
  for (let open = true; open && next <= end; next += 1) {
    const line = lines[next] ?? ''
    const skipped = next > start && (line.trim() === '' || line.trimStart().startsWith('#'))
    if (skipped) continue
    const continued = continuation(line, escapeCharacter)
    text += continued ?? line
    open = continued !== null
  }
  return { text: text.trim(), next }
}

/** The line without the escape character that continues it, or null where none does. */
function continuation(line: string, escapeCharacter: string): string | null {
  const trimmed = line.replace(/[ \t\r]+$/, '')
  if (!trimmed.endsWith(escapeCharacter) || trimmed.endsWith(escapeCharacter + escapeCharacter)) return null
  return trimmed.slice(0, -1)
}

/** `<<NAME`, `<<-NAME`, `<<"NAME"`, alone as a word. */
const HEREDOC = /(?<=^|\s)\d*<<(-?)(["']?)([A-Za-z0-9_.-]+)\2(?=\s|$)/g

function readHeredocs(rest: string, location: Location, first: number): readonly Heredoc[] {
  let next = first
  return [...rest.matchAll(HEREDOC)].map(([word, dash, quote, name = '']) => {
    const content: string[] = []
    for (; next <= location.end; next += 1) {
      const line = (location.lines[next] ?? '').replace(/\r$/, '')
      const bare = dash ? line.replace(/^\t+/, '') : line
      if (bare === name) {
        next += 1
        return { name, content: content.join(''), expand: quote === '' }
      }
      content.push(`${bare}\n`)
    }
    const problem = { operation: 'read here-document', expected: `a line that is ${name} alone`, found: 'the end' }
    throw new DockerfileError(problem, location, word)
  })
}
