import { jsonOrNull } from '../loose-json.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'

/** Splits at white space, as BuildKit does it for COPY, ADD and the like: quotes do not matter. */
export function splitWords(text: string): readonly string[] {
  return text === '' ? [] : text.split(/[\t\v\f\r ]+/)
}

/** Splits at white space outside of quotes. Quotes and escape characters stay in the words. */
export function splitQuoted(text: string, escapeCharacter: string): readonly string[] {
  const words: string[] = []
  let word = ''
  let begun = false
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quote === '' && /\s/.test(character)) {
      if (begun) words.push(word)
      word = ''
      begun = false
      continue
    }
    begun = true
    if (character === escapeCharacter && quote !== "'") {
      if (at + 1 < text.length) word += character + text.charAt(at + 1)
      at += 1
      continue
    }
    if (quote === character) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    word += character
  }
  return begun ? [...words, word] : words
}

/** A JSON array of strings; null where an instruction's text is no JSON array. Fails on one of anything else. */
export function readJsonWords(text: string, { keyword, location }: Statement): readonly string[] | null {
  if (!text.startsWith('[')) return null
  const value = jsonOrNull(text)
  if (!Array.isArray(value)) return null
  if (value.every((each): each is string => typeof each === 'string')) return value
  const found = JSON.stringify(value.find((each) => typeof each !== 'string'))
  const problem = { operation: `read ${keyword}`, expected: 'a JSON array of strings only', found }
  throw new DockerfileError({ ...problem, advice: 'put it in double quotes' }, location, text)
}
