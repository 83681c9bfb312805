import type { Option } from '../../options/option.js'
import type { Command } from '../command.js'
import { candidatesFor, firstWords, groupsOf, takesNextWord } from './candidates.js'

/** Completion for fish, to be sourced, or put into its directory of completions as `layerpipe.fish`. */
export function fishCompletion(commands: readonly Command[]): string {
  const firsts = firstWords(commands).map(([word, help]) => line('__fish_use_subcommand', `-f -a ${word}`, help))
  const seconds = [...groupsOf(commands)].flatMap(([group, members]) => {
    const words = members.map(({ name }) => name.slice(group.length + 1))
    const condition = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${words.join(' ')}`
    return members.map(({ summary }, index) => line(condition, `-f -a ${words[index]}`, summary))
  })
  const flags = commands.flatMap((command) =>
    Object.values(command.flags).map((option) => line(conditionOf(command), flagOf(option), option.help))
  )
  return ['# fish completion for layerpipe', ...firsts, ...seconds, ...flags, ''].join('\n')
}

function conditionOf({ name }: Command): string {
  return name
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ')
}

function flagOf(option: Option): string {
  const name = `-l ${option.key}${option.short ? ` -s ${option.short}` : ''}`
  if (!takesNextWord(option)) return name
  const candidates = candidatesFor(option)
  if (candidates.kind === 'words') return `${name} -x -a ${quote(candidates.words.join(' '))}`
  return `${name} ${candidates.kind === 'paths' ? '-r -F' : '-x'}`
}

function line(condition: string, what: string, help: string): string {
  return `complete -c layerpipe -n ${quote(condition)} ${what} -d ${quote(help)}`
}

/** Between fish's single quotes a backslash escapes a quote and itself. */
function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
