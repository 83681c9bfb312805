import { LayerpipeError, type Problem } from '../errors.js'

/** Where something stands in a Dockerfile. Lines count from 0, both ends included. */
export interface Location {
  /** The Dockerfile's name, for people. */
  readonly file: string
  readonly start: number
  readonly end: number
  /** All lines of the Dockerfile. */
  readonly lines: readonly string[]
}

/** Something in a Dockerfile is wrong or cannot be done. The message ends with the line and a caret below the word. */
export class DockerfileError extends LayerpipeError {
  readonly code = 'ERR_DOCKERFILE'
  /** Counted from 1. */
  readonly line: number

  constructor(problem: Omit<Problem, 'subject'>, location: Location, word = '') {
    const spot = find(location, word)
    super({ ...problem, subject: `${location.file}:${spot.line + 1}` })
    this.line = spot.line + 1
    this.message += `\n${excerpt(location, spot)}`
  }
}

/** A place for people: its file and line, and below them the line with a caret below `word`. */
export function showPlace(location: Location, word: string): string {
  const spot = find(location, word)
  return `${location.file}:${spot.line + 1}\n${excerpt(location, spot)}`
}

interface Spot {
  readonly line: number
  readonly column: number
  readonly length: number
}

/** Where `word` stands: in the location's first line that has it, else all of its first line. */
function find({ start, end, lines }: Location, word: string): Spot {
  for (let line = start; word !== '' && line <= end; line += 1) {
    const column = (lines[line] ?? '').indexOf(word)
    if (column >= 0) return { line, column, length: word.length }
  }
  const first = lines[start] ?? ''
  return { line: start, column: first.length - first.trimStart().length, length: first.trim().length }
}

function excerpt({ lines }: Location, { line, column, length }: Spot): string {
  const number = String(line + 1)
  const text = lines[line] ?? ''
  const indent = text.slice(0, column).replace(/[^\t]/g, ' ')
  const gutter = ' '.repeat(number.length)
  return `  ${number} | ${withoutControls(text.trimEnd())}\n  ${gutter} | ${indent}${'^'.repeat(Math.max(1, length))}`
}

/** For a terminal, which control characters could do anything to; each becomes one character, so that carets fit. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, '\uFFFD')
}
