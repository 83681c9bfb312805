import type { Dockerfile } from '../dockerfile.js'
import type { Instruction } from '../instruction.js'
import type { Finding } from './finding.js'

/** Commands that a shell starts, which keeps signals from them, and those that a later one replaces. */
export function checkCommands({ instructions }: Dockerfile): readonly Finding[] {
  const findings: Finding[] = []
  let last = new Map<string, Instruction>()
  let hasShell = false
  for (const each of instructions) {
    if (each.kind === 'FROM') {
      last = new Map()
      hasShell = false
    }
    if (each.kind === 'SHELL') hasShell = true
    if (each.kind !== 'CMD' && each.kind !== 'ENTRYPOINT' && each.kind !== 'HEALTHCHECK') continue
    const replaced = last.get(each.kind)
    if (replaced)
      findings.push(
        found(replaced, 'MultipleInstructionsDisallowed', `leave it out: a later ${each.kind} of the stage replaces it`)
      )
    last.set(each.kind, each)
    if (each.kind !== 'HEALTHCHECK' && each.command.shell && !hasShell)
      findings.push(
        found(
          each,
          'JSONArgsRecommended',
          `write it as a JSON list: a shell does not pass signals on to what it starts`
        )
      )
  }
  return findings
}

function found({ kind, statement: { location } }: Instruction, rule: string, message: string): Finding {
  return { rule, message, location, word: keywordIn(location.lines[location.start] ?? '', kind) }
}

/** As it is written there. */
function keywordIn(line: string, kind: string): string {
  return line.trimStart().slice(0, kind.length)
}
