import { takeFlags } from './flags.js'
import type { Command, CommandLine, Healthcheck, Run, Words } from './instruction.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'
import { readJsonWords } from './words.js'

/** `CMD` and `ENTRYPOINT`: a JSON array of words, or text for the shell. */
export function parseCommand(statement: Statement, kind: Command['kind']): Command {
  return { kind, statement, command: readCommandLine(statement.rest, statement) }
}

/** `RUN [--mount=…] [--network=…] [--security=…] COMMAND`. */
export function parseRun(statement: Statement): Run {
  const [flags, rest] = takeFlags(statement, { mount: 'list', network: 'text', security: 'text', device: 'list' })
  return {
    kind: 'RUN',
    statement,
    command: readCommandLine(rest, statement),
    mounts: flags.list('mount'),
    network: flags.text('network'),
    security: flags.text('security')
  }
}

/** `HEALTHCHECK [flags] CMD COMMAND` or `HEALTHCHECK NONE`. */
export function parseHealthcheck(statement: Statement): Healthcheck {
  const [flags, rest] = takeFlags(statement, {
    interval: 'text',
    timeout: 'text',
    'start-period': 'text',
    'start-interval': 'text',
    retries: 'text'
  })
  const [, type = '', line = ''] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? []
  const wellFormed = type.toUpperCase() === 'NONE' ? line === '' : type.toUpperCase() === 'CMD' && line !== ''
  if (!wellFormed) {
    const problem = {
      operation: 'read HEALTHCHECK',
      expected: 'CMD with a command, or NONE alone',
      found: rest || 'nothing'
    }
    throw new DockerfileError(problem, statement.location, type)
  }
  return {
    kind: 'HEALTHCHECK',
    statement,
    command: type.toUpperCase() === 'NONE' ? null : readCommandLine(line, statement),
    interval: flags.text('interval'),
    timeout: flags.text('timeout'),
    startPeriod: flags.text('start-period'),
    startInterval: flags.text('start-interval'),
    retries: flags.text('retries')
  }
}

/** `SHELL ["EXECUTABLE", "PARAMETER"…]`. */
export function parseShell(statement: Statement): Words {
  const words = readJsonWords(statement.rest, statement)
  if (words && words.length > 0) return { kind: 'SHELL', statement, words }
  const problem = { operation: 'read SHELL', expected: 'a JSON array of strings', found: statement.rest || 'nothing' }
  throw new DockerfileError(problem, statement.location, statement.rest)
}

function readCommandLine(text: string, statement: Statement): CommandLine {
  const words = readJsonWords(text, statement)
  if (words) return { words, shell: false }
  return text === '' ? { words: [], shell: false } : { words: [text], shell: true }
}
