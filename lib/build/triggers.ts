import { parseInstructions } from './dockerfile.js'
import type { Instruction } from './instruction.js'
import { DockerfileError, type Location } from './problem.js'
import type { StageInstruction } from './stages.js'

/** Reads what an ONBUILD left, in a stage or in the config of an image. Errors point at `location`. */
export function parseTrigger(trigger: string, location: Location): StageInstruction {
  const [instruction, ...others] = parseInstructions(trigger, location)
  if (instruction && others.length === 0 && isTrigger(instruction)) return instruction
  const problem = {
    operation: 'read ONBUILD trigger',
    expected: 'one instruction that may be a trigger',
    found: trigger
  }
  throw new DockerfileError(problem, location)
}

function isTrigger(instruction: Instruction): instruction is StageInstruction {
  return instruction.kind !== 'FROM' && instruction.kind !== 'ONBUILD'
}
