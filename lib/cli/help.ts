import { exporterOptions } from '../../pipelines/options/index.js'
import { describeOptions, valueHelp } from '../options/help.js'
import type { Option } from '../options/option.js'
import { renderColumns } from './columns.js'
import type { Command } from './command.js'

/** What `layerpipe --help` prints. */
export function renderProgramHelp(commands: readonly Command[]): string {
  const rows = commands.map((command) => [usageOf(command), command.summary] as const)
  const [example] = commands.flatMap((command) => command.examples)
  return [
    'Turns directories, tars and images into container images and file systems.\n',
    `Usage: layerpipe COMMAND\n\nCommands:\n${renderColumns(rows)}`,
    `Flags:\n${renderColumns([
      ['-h, --help', 'show help, also of a command'],
      ['-V, --version', 'show the version']
    ])}`,
    `Example:\n  ${example}\n`
  ].join('\n')
}

/** What `layerpipe store --help` prints, for commands that have a word in common. */
export function renderGroupHelp(group: string, commands: readonly Command[]): string {
  const own = commands.filter(({ name }) => name.startsWith(`${group} `))
  const [example] = own.flatMap((command) => command.examples)
  return [
    `Usage: layerpipe ${group} COMMAND\n\nCommands:\n${renderColumns(own.map((each) => [usageOf(each), each.summary]))}`,
    `Example:\n  ${example}\n`
  ].join('\n')
}

/** What `layerpipe COMMAND --help` prints. */
export function renderCommandHelp(command: Command): string {
  const operands = command.operands.map(({ name, help }) => [name, help] as const)
  const flags = Object.values(command.flags).map((option) => [flagOf(option), flagHelp(option)] as const)
  return [
    `${command.summary}.\n`,
    `Usage: layerpipe ${usageOf(command)} [FLAGS]\n`,
    ...(operands.length > 0 ? [renderColumns(operands)] : []),
    `Flags:\n${renderColumns([...flags, ['-h, --help', 'show this help']])}`,
    ...('outputs' in command.flags ? [renderOutputs()] : []),
    `${command.examples.length === 1 ? 'Example' : 'Examples'}:\n${command.examples.map((line) => `  ${line}\n`).join('')}`
  ].join('\n')
}

/** "export SOURCE…": a command with its operands. */
export function usageOf({ name, operands }: Command): string {
  const words = operands.map((operand) => {
    const shape = operand.repeated ? `${operand.name}…` : operand.name
    return operand.optional ? `[${shape}]` : shape
  })
  return [name, ...words].join(' ')
}

function flagOf(option: Option): string {
  const name = `${option.short ? `-${option.short}, ` : ''}--${option.key}`
  if (option.kind === 'boolean') return name
  if (option.kind === 'choice' && option.implied !== undefined) return `${name}[=${option.choices.join('|')}]`
  return `${name} ${option.kind === 'choice' ? option.choices.join('|') : valueHelp(option)}`
}

function flagHelp({ help, kind, default: standard }: Option): string {
  return kind === 'choice' && standard !== null ? `${help} (${standard})` : help
}

/** Exporters with the keys that each takes, in the order of their declarations. */
function renderOutputs(): string {
  const rows = Object.entries(exporterOptions).map(
    ([type, table]) =>
      [
        type,
        describeOptions(table)
          .map(({ key }) => key)
          .join(', ') || 'no keys'
      ] as const
  )
  return `Outputs, type=TYPE with these keys:\n${renderColumns(rows)}`
}
