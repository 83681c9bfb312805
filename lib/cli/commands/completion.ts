import { UsageError } from '../../errors.js'
import type { Command, Invocation } from '../command.js'
import { bashCompletion } from '../completion/bash.js'
import { fishCompletion } from '../completion/fish.js'
import { zshCompletion } from '../completion/zsh.js'
import { print } from '../print.js'

/** Prints what makes a shell complete these commands and their flags. */
export function completionOf(commands: readonly Command[]) {
  return async ({ operands }: Invocation<Record<never, never>>): Promise<void> => {
    const [name = ''] = operands
    const generate = GENERATORS.get(name)
    if (generate === undefined) {
      const expected = [...GENERATORS.keys()].join(', ')
      throw new UsageError({ operation: 'complete', subject: 'the shell', expected, found: name })
    }
    await print(generate(commands))
  }
}

const GENERATORS = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion]
])
