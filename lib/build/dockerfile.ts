import { InputError } from '../errors.js'
import { segment } from './dockerfile-ast.js'
import type { Instruction } from './instruction.js'
import { parseInstruction } from './parse-instruction.js'
import type { Location } from './problem.js'
import { DockerfileError } from './problem.js'
import { readStatements } from './statement.js'

/** A Dockerfile as values. */
export interface Dockerfile {
  /** How people know it: the path given, or `Dockerfile`. */
  readonly name: string
  /** Parser directives by lower-case name: `syntax`, `escape`, `check`. */
  readonly directives: ReadonlyMap<string, string>
  readonly instructions: readonly Instruction[]
}

/** Reads a Dockerfile. Fails with the line and a caret where it is not one. */
export function parseDockerfile(text: string, name = 'Dockerfile'): Dockerfile {
  const { directives, escapeCharacter, segments } = segment(text)
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const location: Location = { file: name, start: 0, end: 0, lines }
  checkEscape(directives.get('escape'), location)
  const instructions = readStatements(segments, location, escapeCharacter).map(parseInstruction)
  const first = instructions.find(({ kind }) => kind !== 'ARG')
  if (first?.kind === 'FROM') return { name, directives, instructions }
  if (first) {
    const problem = { operation: 'read Dockerfile', expected: 'FROM before other instructions', found: first.kind }
    throw new DockerfileError(problem, first.statement.location, first.kind)
  }
  throw new InputError({ operation: 'read Dockerfile', subject: name, expected: 'a FROM instruction', found: 'none' })
}

/** Reads instructions that stand alone: an ONBUILD trigger, a `--change` option. `location` is what errors point at. */
export function parseInstructions(text: string, location?: Location): readonly Instruction[] {
  const lines = text.split('\n')
  const { escapeCharacter, segments } = segment(text)
  const own: Location = { file: location?.file ?? 'change', start: 0, end: 0, lines }
  return readStatements(segments, own, escapeCharacter).map((statement) =>
    parseInstruction(location ? { ...statement, location } : statement)
  )
}

function checkEscape(value: string | undefined, location: Location): void {
  if (value === undefined || value === '\\' || value === '`') return
  const line = location.lines.findIndex((each) => /^\s*#\s*escape\s*=/i.test(each))
  const problem = { operation: 'read parser directive', expected: '\\ or ` as escape', found: value }
  throw new DockerfileError(problem, { ...location, start: line, end: line }, value)
}
