import type { Dockerfile } from '../dockerfile.js'
import type { From } from '../instruction.js'
import type { Finding } from './finding.js'

/** Names of stages that mean something else, are there already, or look like images. */
export function checkNames({ instructions }: Dockerfile): readonly Finding[] {
  const seen = new Set<string>()
  return instructions.flatMap((each): readonly Finding[] => {
    if (each.kind !== 'FROM' || each.name === null) return []
    const { location } = each.statement
    const { as, name } = wordsOf(each)
    const found = (rule: string, message: string, word = name): Finding => ({ rule, message, location, word })
    const isTaken = seen.has(each.name)
    seen.add(each.name)
    return [
      ...(name === each.name ? [] : [found('StageNameCasing', `write the stage's name in lower case: ${each.name}`)]),
      ...(isTaken ? [found('DuplicateStageName', `give each stage a name of its own: ${each.name} is taken`)] : []),
      ...(RESERVED.has(each.name) ? [found('ReservedStageName', `take another name: ${each.name} is reserved`)] : []),
      ...(isUpper(as) === isUpper(keywordOf(each)) ? [] : [found('FromAsCasing', 'write FROM and AS in one case', as)])
    ]
  })
}

const RESERVED: ReadonlySet<string> = new Set(['scratch', 'context'])

function wordsOf({ statement }: From): { readonly as: string; readonly name: string } {
  const [as = '', name = ''] = statement.rest.split(/\s+/).slice(-2)
  return { as, name }
}

function keywordOf({ statement: { location } }: From): string {
  return (location.lines[location.start] ?? '').trim().slice(0, 'FROM'.length)
}

function isUpper(word: string): boolean {
  return word === word.toUpperCase()
}
