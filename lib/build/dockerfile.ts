import { InputError } from '../errors.js'
import { type Segments, segment } from './dockerfile-ast.js'
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
  const { directives: found, escapeCharacter, segments } = segment(text)
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const location: Location = { file: name, start: 0, end: 0, lines }
  const directives = readDirectives(found, location)
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

function readDirectives(found: Segments['directives'], location: Location): ReadonlyMap<string, string> {
  const directives = new Map<string, string>()
  found.forEach(([name, value], line) => {
    const fail = (expected: string, found: string, word: string) =>
      new DockerfileError(
        { operation: 'read parser directive', expected, found },
        { ...location, start: line, end: line },
        word
      )
    if (DIRECTIVES.has(name) && directives.has(name)) throw fail(`${name} once`, 'it twice', name)
    if (name === 'escape' && value !== '\\' && value !== '`') throw fail('\\ or ` as escape', value, value)
    if (!directives.has(name)) directives.set(name, value)
  })
  return directives
}

/** Those that mean something; others are comments. */
const DIRECTIVES = new Set(['syntax', 'escape', 'check'])
