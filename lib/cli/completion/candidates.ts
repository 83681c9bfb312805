import { exporterOptions } from '../../../pipelines/options/index.js'
import type { Option } from '../../options/option.js'
import type { Command } from '../command.js'

/** What a shell may offer behind a flag. */
export type Candidates =
  | { readonly kind: 'none' | 'paths' }
  | { readonly kind: 'words'; readonly words: readonly string[] }

/** What may follow a flag. */
export function candidatesFor(option: Option): Candidates {
  if (option.kind === 'choice') return { kind: 'words', words: option.choices }
  if (option.suggestions) return { kind: 'words', words: option.suggestions }
  if (option.key === 'output')
    return { kind: 'words', words: Object.keys(exporterOptions).map((type) => `type=${type}`) }
  return { kind: PATHS.test(option.placeholder ?? '') ? 'paths' : 'none' }
}

/** Whether the word after the flag is its value. */
export function takesNextWord(option: Option): boolean {
  return option.kind !== 'boolean' && !(option.kind === 'choice' && option.implied !== undefined)
}

/** The groups that commands of two words are in, with the second words: "store" with "ls", "rm". */
export function groupsOf(commands: readonly Command[]): ReadonlyMap<string, readonly Command[]> {
  const groups = new Map<string, Command[]>()
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ')
    if (second !== undefined) groups.set(first, [...(groups.get(first) ?? []), command])
  }
  return groups
}

/** First words of commands, each once, with what they are for. */
export function firstWords(commands: readonly Command[]): readonly (readonly [word: string, help: string])[] {
  const groups = groupsOf(commands)
  const words = new Map<string, string>()
  for (const { name, summary } of commands) {
    const [first = ''] = name.split(' ')
    const group = groups.get(first)
    const seconds = group?.map((each) => each.name.slice(first.length + 1)).join(', ')
    words.set(first, seconds ?? summary)
  }
  return [...words]
}

/** As a shell takes it literally. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

const PATHS = /FILE|DIR|PATH|SOURCE|OTHER|POLICY/
