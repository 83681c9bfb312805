import type { OptionsOf, OptionTable } from '../options/option.js'
import { type Field, parseOptions } from '../options/parse-options.js'

/** What follows a command's name and is not a flag. */
export interface Operand {
  /** In capitals: "SOURCE". */
  readonly name: string
  readonly help: string
  readonly optional?: boolean
  /** May be given many times; only the last operand of a command. */
  readonly repeated?: boolean
}

/** A command as data: the command line, help and documentation read it. */
export interface CommandDeclaration<T extends OptionTable> {
  /** Without the program's: "store ls". */
  readonly name: string
  /** One line, without a full stop. */
  readonly summary: string
  readonly operands: readonly Operand[]
  readonly flags: T
  /** Whole command lines. */
  readonly examples: readonly string[]
  /** Loads what does the work, which other commands need not pay for. */
  readonly load: () => Promise<(invocation: Invocation<T>) => Promise<void>>
}

export interface Invocation<T extends OptionTable> {
  readonly operands: readonly string[]
  readonly flags: OptionsOf<T>
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
}

/** A declared command that can be run. */
export interface Command extends Omit<CommandDeclaration<OptionTable>, 'load'> {
  run(operands: readonly string[], fields: readonly Field[], signal: AbortSignal): Promise<void>
}

/** Declares a command; its flags are read as the table says before it is loaded. */
export function defineCommand<T extends OptionTable>({ load, ...declaration }: CommandDeclaration<T>): Command {
  const origin = { operation: 'read command line', subject: declaration.name, owner: `"${declaration.name}"` }
  return {
    ...declaration,
    async run(operands, fields, signal) {
      const flags = parseOptions(
        declaration.flags,
        fields.map(({ key, value }) => ({ key, value })),
        origin
      )
      const work = await load()
      await work({ operands, flags, signal })
    }
  }
}
