import type { Option } from '../../options/option.js'
import type { Command } from '../command.js'
import { candidatesFor, firstWords, groupsOf, quote, takesNextWord } from './candidates.js'

/** Completion for bash, to be sourced. */
export function bashCompletion(commands: readonly Command[]): string {
  const groups = [...groupsOf(commands)]
  const seconds = groups.map(([group, members]) => {
    const words = members.map(({ name }) => name.slice(group.length + 1)).join(' ')
    return `    ${group}) [[ $COMP_CWORD == 2 ]] && { _layerpipe_words ${quote(words)}; return; }; command+=" \${COMP_WORDS[2]}" ;;`
  })
  return [
    '# bash completion for layerpipe',
    '_layerpipe_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }',
    '_layerpipe_paths() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); }',
    '_layerpipe() {',
    `  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}`,
    '  COMPREPLY=()',
    `  [[ $COMP_CWORD == 1 ]] && { _layerpipe_words ${quote([...firstWords(commands).map(([name]) => name), '--help', '--version'].join(' '))}; return; }`,
    '  case $command in',
    ...seconds,
    '  esac',
    '  case "$command $previous" in',
    ...commands.flatMap((command) => Object.values(command.flags).flatMap((option) => valueCase(command, option))),
    '  esac',
    '  [[ $word == -* ]] || { _layerpipe_paths; return; }',
    '  case $command in',
    ...commands.map(
      (command) => `    ${quote(command.name)}) _layerpipe_words ${quote(flagsOf(command).join(' '))} ;;`
    ),
    '  esac',
    '}',
    'complete -F _layerpipe layerpipe',
    ''
  ].join('\n')
}

function valueCase({ name }: Command, option: Option): readonly string[] {
  if (!takesNextWord(option)) return []
  const patterns = [`--${option.key}`, ...(option.short ? [`-${option.short}`] : [])].map((flag) =>
    quote(`${name} ${flag}`)
  )
  const candidates = candidatesFor(option)
  const offer =
    candidates.kind === 'words'
      ? `_layerpipe_words ${quote(candidates.words.join(' '))}; `
      : candidates.kind === 'paths'
        ? '_layerpipe_paths; '
        : ''
  return [`    ${patterns.join('|')}) ${offer}return ;;`]
}

function flagsOf({ flags }: Command): readonly string[] {
  return [...Object.values(flags).map(({ key }) => `--${key}`), '--help']
}
