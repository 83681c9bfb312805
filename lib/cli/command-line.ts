import type { Option } from '../options/option.js'
import type { Command } from './command.js'

/**
 * Gives flags that may stand without a value the one that they imply: `--push` becomes `--push=true`. Whoever parses
 * the words then knows only flags with values, and never takes the word after such a flag for its value.
 */
export function spellOut(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const options = optionsOf(words, commands)
  const spelled: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--') return [...spelled, ...words.slice(at)]
    const option = options.find(({ key, short }) => word === `--${key}` || word === `-${short}`)
    const implied = option && impliedBy(option)
    spelled.push(option && implied !== null ? `--${option.key}=${implied}` : word)
    if (option && implied === null) spelled.push(...words.slice(at + 1, (at += 1) + 1))
  }
  return spelled
}

function optionsOf(words: readonly string[], commands: readonly Command[]): readonly Option[] {
  const [first, second] = words
  const command = commands.find(({ name }) => name === first || name === `${first} ${second}`)
  return command ? Object.values(command.flags) : []
}

function impliedBy(option: Option): string | null {
  if (option.kind === 'boolean') return 'true'
  return option.kind === 'choice' && option.implied !== undefined ? option.implied : null
}
