import { takeFlags } from './flags.js'
import type { From } from './instruction.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'
import { splitWords } from './words.js'

/** `FROM [--platform=P] IMAGE [AS NAME]`. */
export function parseFrom(statement: Statement): From {
  const [flags, rest] = takeFlags(statement, { platform: 'text' })
  const words = splitWords(rest)
  const [image, as, name] = words
  const wellFormed = words.length === 1 || (words.length === 3 && as?.toLowerCase() === 'as')
  if (image === undefined || !wellFormed) {
    const problem = {
      operation: 'read FROM',
      expected: 'FROM IMAGE or FROM IMAGE AS NAME',
      found: `FROM ${rest}`.trim()
    }
    throw new DockerfileError(problem, statement.location, words[1] ?? '')
  }
  if (name !== undefined && !/^[a-z][a-z0-9-_.]*$/i.test(name)) {
    const expected = 'a stage name of letters, digits, -, _ and ., with a letter first'
    throw new DockerfileError({ operation: 'read FROM', expected, found: name }, statement.location, name)
  }
  return { kind: 'FROM', statement, image, name: name?.toLowerCase() ?? null, platform: flags.text('platform') }
}
