import type { Text, Words } from './instruction.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'
import { readJsonWords, splitWords } from './words.js'

/** `EXPOSE PORT[/PROTOCOL]…`. */
export function parseExpose(statement: Statement): Words {
  return { kind: 'EXPOSE', statement, words: required(splitWords(statement.rest), statement, 'PORT or PORT/PROTOCOL') }
}

/** `VOLUME PATH…`, or as a JSON array. */
export function parseVolume(statement: Statement): Words {
  const words = readJsonWords(statement.rest, statement) ?? splitWords(statement.rest)
  return { kind: 'VOLUME', statement, words: required(words, statement, 'at least one path') }
}

/** An instruction whose whole rest is its one argument. */
export function parseText(statement: Statement, kind: Text['kind']): Text {
  required(splitWords(statement.rest), statement, 'an argument')
  return { kind, statement, text: statement.rest }
}

/** `ONBUILD INSTRUCTION`: the trigger is kept as text, here-documents and all, because it goes into the image config. */
export function parseOnbuild(statement: Statement): Text {
  const [keyword = ''] = required(splitWords(statement.rest), statement, 'an instruction')
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(keyword.toUpperCase())) {
    const problem = { operation: 'read ONBUILD', expected: 'an instruction that may be a trigger', found: keyword }
    throw new DockerfileError(problem, statement.location, keyword)
  }
  const documents = statement.heredocs.map(({ name, content }) => `\n${content}${name}`)
  return { kind: 'ONBUILD', statement, text: [statement.rest, ...documents].join('') }
}

function required(words: readonly string[], { keyword, location }: Statement, expected: string): readonly string[] {
  if (words.length > 0) return words
  throw new DockerfileError({ operation: `read ${keyword}`, expected, found: 'nothing' }, location)
}
