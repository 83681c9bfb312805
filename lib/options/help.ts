import type { Option, OptionTable } from './option.js'

/** One option as help shows it. */
export interface OptionHelp {
  readonly key: string
  /** What may be given. */
  readonly value: string
  /** As one would write it; empty where there is none. */
  readonly default: string
  readonly help: string
}

/** The options of a table in its order: the one source of the command line's help and of the documentation. */
export function describeOptions(table: OptionTable): readonly OptionHelp[] {
  return Object.values(table).map((option) => ({
    key: [
      option.kind === 'annotations' ? 'annotation[-TARGET][[os/arch]].KEY' : option.key,
      ...(option.aliases ?? [])
    ].join(', '),
    value: valueHelp(option),
    default: defaultHelp(option),
    help: option.help
  }))
}

/** A Markdown table. */
export function renderMarkdown(rows: readonly OptionHelp[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  const body = rows.map((row) => line([code(row.key), row.value, row.default && code(row.default), row.help]))
  return line(['key', 'value', 'default', 'meaning']) + line(['---', '---', '---', '---']) + body.join('')
}

function code(text: string): string {
  return text
    .split(', ')
    .map((part) => `\`${part}\``)
    .join(', ')
}

/** What may be given for an option. */
export function valueHelp(option: Option): string {
  switch (option.kind) {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return option.placeholder ?? `${option.minimum} to ${option.maximum}`
    case 'choice':
      return option.choices.join(', ')
    case 'list':
      return option.choices?.join(', ') ?? option.placeholder ?? 'VALUE[,VALUE]'
    default:
      return option.placeholder ?? 'TEXT'
  }
}

function defaultHelp(option: Option): string {
  return Array.isArray(option.default) ? option.default.join(',') : String(option.default ?? '')
}
