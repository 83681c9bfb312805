import type { Option } from '../../options/option.js'
import type { Command } from '../command.js'
import { candidatesFor, firstWords, groupsOf, quote, takesNextWord } from './candidates.js'

/** Completion for zsh, to be sourced, or put into the function path as `_layerpipe`. */
export function zshCompletion(commands: readonly Command[]): string {
  const groups = [...groupsOf(commands)].map(([group, members]) => {
    const rows = members.map(({ name, summary }) => describe(name.slice(group.length + 1), summary))
    return `    ${group}) if (( CURRENT == 3 )); then choices=(${rows.join(' ')}); _describe command choices; return; fi; name+=" $words[3]"; depth=2 ;;`
  })
  return [
    '#compdef layerpipe',
    '_layerpipe() {',
    '  local name=$words[2] depth=1',
    '  local -a choices',
    '  if (( CURRENT == 2 )); then',
    `    choices=(${firstWords(commands)
      .map(([word, help]) => describe(word, help))
      .join(' ')})`,
    '    _describe command choices; return',
    '  fi',
    '  case $name in',
    ...groups,
    '  esac',
    `  words=("$name" "\${(@)words[depth + 2, -1]}"); (( CURRENT -= depth ))`,
    '  case $name in',
    ...commands.map(commandCase),
    '  esac',
    '}',
    '(( $+functions[compdef] )) && compdef _layerpipe layerpipe',
    ''
  ].join('\n')
}

function commandCase({ name, flags }: Command): string {
  const specs = Object.values(flags).flatMap(specsOf).map(quote)
  return `    ${quote(name)}) _arguments ${[...specs, quote('--help[show this help]'), quote(OPERAND)].join(' ')} ;;`
}

/** A path, also behind the prefix of a source: "dir:app". */
const OPERAND = '*: :{ compset -P "*\\:"; _files }'

/** `*--key=[help]:PLACEHOLDER:action`: as `_arguments` has them. */
function specsOf(option: Option): readonly string[] {
  const many = option.kind === 'repeated' ? '*' : ''
  const help = `[${option.help.replace(/[[\]\\:]/g, '\\$&')}]`
  if (option.kind === 'boolean') return names(option).map((name) => `${name}${help}`)
  const candidates = candidatesFor(option)
  const action =
    candidates.kind === 'words' ? `(${candidates.words.join(' ')})` : candidates.kind === 'paths' ? '_files' : ' '
  const value = `:${(option.placeholder ?? 'value').replace(/[\\:]/g, '\\$&')}:${action}`
  if (!takesNextWord(option)) return [`--${option.key}=-${help}:${value}`]
  return names(option).map((name) => `${many}${name}${name.startsWith('--') ? '=' : '+'}${help}${value}`)
}

function names({ key, short }: Option): readonly string[] {
  return [`--${key}`, ...(short ? [`-${short}`] : [])]
}

function describe(word: string, help: string): string {
  return quote(`${word}:${help.replaceAll(':', '\\:')}`)
}
