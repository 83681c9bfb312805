import type { Option } from '../../options/option.js'
import type { Command } from '../command.js'
import { type Candidates, candidatesFor, firstWords, groupsOf, quote, takesNextWord } from './candidates.js'

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
    `  local at=$COMP_CWORD word=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} equals=`,
    '  COMPREPLY=()',
    ...SPLIT_AT_EQUALS,
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

/**
 * bash makes a word of every = and of what stands behind one: that is completed as the value of what stands before it,
 * `--flag=`, or `-o type=` together with its flag.
 */
const SPLIT_AT_EQUALS = [
  '  if [[ $word == = ]]; then word= equals==',
  `  elif [[ \${COMP_WORDS[at-1]} == = ]]; then at=$((at - 1)) equals==; fi`,
  `  local previous=\${COMP_WORDS[at-1]}$equals`,
  '  if [[ $equals && $previous != -* ]]; then',
  `    [[ \${COMP_WORDS[at-2]} == = ]] && at=$((at - 1))`,
  `    previous="\${COMP_WORDS[at-2]} $previous"`,
  '  fi'
]

function valueCase({ name }: Command, option: Option): readonly string[] {
  if (option.kind === 'boolean') return []
  const flags = [`--${option.key}`, ...(option.short ? [`-${option.short}`] : [])]
  const candidates = candidatesFor(option)
  const patterns = [...(takesNextWord(option) ? flags : []), `--${option.key}=`]
  const whole = caseOf(name, patterns, candidates)
  if (candidates.kind !== 'words') return [whole]
  const values = candidates.words.flatMap((word) => (word.startsWith(TYPE) ? [word.slice(TYPE.length)] : []))
  if (values.length === 0) return [whole]
  const behind = flags.map((flag) => `${flag} ${TYPE}`)
  return [whole, caseOf(name, behind, { kind: 'words', words: values })]
}

const TYPE = 'type='

function caseOf(command: string, patterns: readonly string[], candidates: Candidates): string {
  const offer =
    candidates.kind === 'words'
      ? `_layerpipe_words ${quote(candidates.words.join(' '))}; `
      : candidates.kind === 'paths'
        ? '_layerpipe_paths; '
        : ''
  return `    ${patterns.map((pattern) => quote(`${command} ${pattern}`)).join('|')}) ${offer}return ;;`
}

function flagsOf({ flags }: Command): readonly string[] {
  return [...Object.values(flags).map(({ key }) => `--${key}`), '--help']
}
