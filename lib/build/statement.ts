import type { Segment } from './dockerfile-ast.js'
import { type Heredoc, readHeredocs } from './here-document.js'
import type { Location } from './problem.js'

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

/**
 * Reads the instructions of a Dockerfile, or those that stand alone, out of its lines. What `segments` has inside of
 * here-documents is none. Fails on a here-document without an end.
 */
export function readStatements(
  segments: readonly Segment[],
  location: Location,
  escapeCharacter: string
): readonly Statement[] {
  let next = 0
  return segments.flatMap((segment) => {
    if (segment.start < next) return []
    const statement = readStatement(segment, location, escapeCharacter)
    next = statement.location.end + 1
    return [statement]
  })
}

function readStatement({ keyword, start }: Segment, whole: Location, escapeCharacter: string): Statement {
  const { text, next } = joinContinued(whole.lines, start, escapeCharacter)
  const [, rest = ''] = /^\S+\s+([\s\S]*)$/.exec(text) ?? []
  const location = { ...whole, start, end: next - 1 }
  const read = WITH_HEREDOCS.test(text) ? readHeredocs(rest, location, next) : { heredocs: [], next }
  return {
    keyword: keyword.toUpperCase(),
    rest: rest.trim(),
    heredocs: read.heredocs,
    escapeCharacter,
    location: { ...location, end: read.next - 1 }
  }
}

const WITH_HEREDOCS = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i

function joinContinued(lines: readonly string[], start: number, escapeCharacter: string) {
  let text = ''
  let next = start
  for (let open = true; open && next < lines.length; next += 1) {
    const line = (lines[next] ?? '').replace(/\r+$/, '')
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
  const trimmed = line.replace(/[ \t]+$/, '')
  if (!trimmed.endsWith(escapeCharacter) || trimmed.endsWith(escapeCharacter + escapeCharacter)) return null
  return trimmed.slice(0, -1)
}
