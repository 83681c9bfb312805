import type { Dockerfile } from '../dockerfile.js'
import type { Instruction } from '../instruction.js'
import type { Finding } from './finding.js'

/** How the lines are written: keywords in both cases, empty lines inside of an instruction. */
export function checkLines({ instructions }: Dockerfile): readonly Finding[] {
  return [...checkCasing(instructions), ...instructions.flatMap(checkContinued)]
}

function checkCasing(instructions: readonly Instruction[]): readonly Finding[] {
  const upper = instructions.filter((each) => keywordOf(each) === each.kind)
  const lower = instructions.filter((each) => keywordOf(each) === each.kind.toLowerCase())
  const [usual, wanted] = upper.length >= lower.length ? [upper, 'upper'] : [lower, 'lower']
  return instructions
    .filter((each) => !usual.includes(each))
    .map((each) => ({
      rule: 'ConsistentInstructionCasing',
      message: `write it in ${wanted} case, as most of the others`,
      location: each.statement.location,
      word: keywordOf(each)
    }))
}

function keywordOf({ kind, statement: { location } }: Instruction): string {
  return (location.lines[location.start] ?? '').trimStart().slice(0, kind.length)
}

/** Here-documents may have as many empty lines as they like; what stands before them is one line as a rule. */
function checkContinued({ statement: { location, heredocs } }: Instruction): readonly Finding[] {
  if (heredocs.length > 0) return []
  for (let line = location.start; line <= location.end; line += 1) {
    if ((location.lines[line] ?? '').trim() !== '') continue
    const message = 'remove the empty line: it looks like the end of the instruction, and is not'
    return [{ rule: 'NoEmptyContinuation', message, location, word: '' }]
  }
  return []
}
