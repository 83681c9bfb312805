import type { Arg, Assignment, Env } from './instruction.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'
import { splitQuoted } from './words.js'

/** `ENV NAME=VALUE…` and `LABEL NAME=VALUE…`, or in the old form `ENV NAME all the rest`. */
export function parsePairs(statement: Statement, kind: Env['kind']): Env {
  const { rest, escapeCharacter, location } = statement
  const words = splitQuoted(rest, escapeCharacter)
  if (words[0] !== undefined && !words[0].includes('=')) {
    const [, name, value] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? []
    if (name !== undefined && value !== undefined) return { kind, statement, assignments: [{ name, value }] }
  }
  const wrong = words.find((word) => word.indexOf('=') < 1)
  if (words.length === 0 || wrong !== undefined) {
    const problem = { operation: `read ${kind}`, expected: 'NAME=VALUE', found: wrong ?? 'nothing' }
    throw new DockerfileError(problem, location, wrong)
  }
  return { kind, statement, assignments: words.map(split) }
}

/** `ARG NAME[=DEFAULT]…`. */
export function parseArg(statement: Statement): Arg {
  const words = splitQuoted(statement.rest, statement.escapeCharacter)
  const wrong = words.find((word) => word.startsWith('='))
  if (words.length === 0 || wrong !== undefined) {
    const problem = { operation: 'read ARG', expected: 'NAME or NAME=DEFAULT', found: wrong ?? 'nothing' }
    throw new DockerfileError(problem, statement.location, wrong)
  }
  return { kind: 'ARG', statement, assignments: words.map(split) }
}

function split(word: string): Assignment {
  const at = word.indexOf('=')
  return at < 0 ? { name: word, value: null } : { name: word.slice(0, at), value: word.slice(at + 1) }
}
