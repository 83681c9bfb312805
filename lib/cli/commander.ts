import { Argument, Command as CommanderCommand, CommanderError, Option as CommanderOption } from 'commander'
import { UsageError } from '../errors.js'
import type { Option } from '../options/option.js'
import type { Field } from '../options/parse-options.js'
import type { Command } from './command.js'
import { spellOut } from './command-line.js'
import { renderCommandHelp, renderGroupHelp, renderProgramHelp } from './help.js'

/** What a command line asks for. */
export type Request =
  | {
      readonly kind: 'run'
      readonly command: Command
      readonly operands: readonly string[]
      readonly fields: readonly Field[]
    }
  /** Help that was asked for, or the version. */
  | { readonly kind: 'print'; readonly text: string }

/**
 * Reads the words after the program's name. The door to commander, which splits words into commands, flags and
 * operands; what the values of flags mean is for the options' declarations.
 *
 * @throws UsageError
 */
export function readCommandLine(words: readonly string[], commands: readonly Command[], version: string): Request {
  let request: Request | null = null
  let printed = ''
  const found = (command: Command, operands: readonly string[], fields: readonly Field[]): void => {
    request = { kind: 'run', command, operands, fields }
  }
  const program = createParser('layerpipe', () => renderProgramHelp(commands)).version(version, '-V, --version')
  for (const command of commands) addCommand(program, command, commands, found)
  for (const each of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)]) {
    each.configureOutput({ writeOut: (text) => void (printed += text), writeErr: () => {} }).exitOverride()
  }
  try {
    program.parse(spellOut(wordsOf(words), commands), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw usageError(error, nearestHelp(words, commands))
  }
  return request ?? { kind: 'print', text: printed }
}

/** `help export` is what many type for `export --help`. */
function wordsOf(words: readonly string[]): readonly string[] {
  return words[0] === 'help' ? [...words.slice(1), '--help'] : words
}

/** "see layerpipe store --help": of as much of a command's name as was right. */
function nearestHelp(words: readonly string[], commands: readonly Command[]): string {
  const names = [words.slice(0, 2).join(' '), words[0] ?? '']
  const known = names.find((each) => commands.some(({ name }) => name === each || name.startsWith(`${each} `)))
  return `see layerpipe ${known ? `${known} ` : ''}--help`
}

type Found = (command: Command, operands: readonly string[], fields: readonly Field[]) => void

function addCommand(program: CommanderCommand, command: Command, commands: readonly Command[], found: Found): void {
  const [group, name] = command.name.includes(' ') ? command.name.split(' ') : [null, command.name]
  const parent = group ? groupOf(program, group, commands) : program
  const fields: Field[] = []
  const parser = createParser(name ?? '', () => renderCommandHelp(command))
  for (const { name: operand, optional, repeated } of command.operands) {
    const shape = `${operand}${repeated ? '...' : ''}`
    parser.addArgument(new Argument(optional ? `[${shape}]` : `<${shape}>`))
  }
  for (const option of Object.values(command.flags)) parser.addOption(createOption(option, fields))
  parser.action(() => found(command, parser.args, fields))
  parent.addCommand(parser)
}

function groupOf(program: CommanderCommand, name: string, commands: readonly Command[]): CommanderCommand {
  const known = program.commands.find((command) => command.name() === name)
  if (known) return known
  const group = createParser(name, () => renderGroupHelp(name, commands))
  program.addCommand(group)
  return group
}

function createParser(name: string, help: () => string): CommanderCommand {
  return new CommanderCommand(name).helpOption('-h, --help').helpCommand(false).configureHelp({ formatHelp: help })
}

function createOption(option: Option, fields: Field[]): CommanderOption {
  const flags = [option.short && `-${option.short}`, `--${option.key} <VALUE>`].filter(Boolean).join(', ')
  return new CommanderOption(flags).argParser((value: string) => {
    if (!MANY.has(option.kind) && fields.some(({ key }) => key === option.key)) throw repeated(option)
    fields.push({ key: option.key, value })
    return fields.length
  })
}

/** Kinds of flags that add up, and those that only say how something is done, of which the last counts. */
const MANY: ReadonlySet<Option['kind']> = new Set(['repeated', 'boolean', 'choice'])

function repeated({ key, kind }: Option): UsageError {
  const expected = `--${key} once${kind === 'list' ? ', with commas between values' : ''}`
  return new UsageError({ operation: 'read command line', subject: `--${key}`, expected, found: 'it twice' })
}

/** "error: unknown option '--foo'\n(Did you mean --food?)" */
function usageError(error: CommanderError, help: string): UsageError {
  if (error.code === 'commander.help') {
    return new UsageError({ operation: 'read command line', subject: 'a command is missing', advice: help })
  }
  const [problem = '', advice] = error.message.replace(/^error: |\.$/g, '').split('\n')
  return new UsageError({
    operation: 'read command line',
    subject: problem,
    advice: advice ? advice.replace(/^\(|\)$/g, '') : help
  })
}
