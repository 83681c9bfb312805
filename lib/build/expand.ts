import { replacePattern, trimPrefix, trimSuffix } from './shell-pattern.js'

/** How a word is expanded. */
export interface Expansion {
  readonly variables: ReadonlyMap<string, string>
  /** The Dockerfile's escape character. */
  readonly escapeCharacter: string
  /** False leaves quotes as they are, as in here-documents. Default true. */
  readonly quotes?: boolean
  /** Makes the error for a word that cannot be expanded, out of what was expected and found. */
  readonly fail: (expected: string, found: string) => Error
}

/**
 * Replaces variables, removes quotes and escape characters, as BuildKit's shell lexer does it: `$v`, `${v}`, and the
 * operators `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`. An unset variable is empty. Nothing is split.
 */
export function expandWord(word: string, expansion: Expansion): string {
  return new Lexer(word, expansion).until(null, false)
}

class Lexer {
  readonly #characters: readonly string[]
  readonly #expansion: Expansion
  readonly #word: string
  #at = 0

  constructor(word: string, expansion: Expansion) {
    this.#word = word
    this.#characters = [...word]
    this.#expansion = expansion
  }

  /** Up to `stop`, which is consumed, or to the end. With `keepEscapes` escape characters stay, for patterns. */
  until(stop: string | null, keepEscapes: boolean): string {
    let result = ''
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === stop) {
        this.#at += 1
        return result
      }
      result += this.#piece(next, keepEscapes)
    }
    if (stop !== null) throw this.#expansion.fail(`a closing ${stop}`, this.#word)
    return result
  }

  #piece(next: string, keepEscapes: boolean): string {
    const { quotes = true, escapeCharacter } = this.#expansion
    if (next === '$') return this.#dollar()
    if (quotes && next === "'") return this.#singleQuoted()
    if (quotes && next === '"') return this.#doubleQuoted(keepEscapes)
    this.#at += 1
    if (next !== escapeCharacter) return next
    return (keepEscapes ? next : '') + (this.#take() ?? '')
  }

  #singleQuoted(): string {
    const end = this.#characters.indexOf("'", this.#at + 1)
    if (end < 0) throw this.#expansion.fail("a closing '", this.#word)
    const text = this.#characters.slice(this.#at + 1, end).join('')
    this.#at = end + 1
    return text
  }

  #doubleQuoted(keepEscapes: boolean): string {
    const { escapeCharacter } = this.#expansion
    this.#at += 1
    let result = ''
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === '$') {
        result += this.#dollar()
        continue
      }
      this.#at += 1
      if (next === '"') return result
      result += next === escapeCharacter ? this.#escaped(next, keepEscapes) : next
    }
    throw this.#expansion.fail('a closing "', this.#word)
  }

  /** In double quotes an escape character counts only before `"`, `$` and itself. */
  #escaped(character: string, keepEscapes: boolean): string {
    const next = this.#peek()
    if (next === undefined) return ''
    const counts = next === '"' || next === '$' || next === character
    if (counts) this.#at += 1
    return (keepEscapes ? character : '') + (counts ? next : character)
  }

  #dollar(): string {
    this.#at += 1
    if (this.#peek() !== '{') {
      const name = this.#name()
      return name === '' ? '$' : (this.#expansion.variables.get(name) ?? '')
    }
    this.#at += 1
    const name = this.#name()
    const operator = this.#take()
    if (name === '' || operator === undefined) throw this.#expansion.fail('a name between { and }', this.#word)
    return this.#substitute(name, operator)
  }

  #substitute(name: string, operator: string): string {
    const value = this.#expansion.variables.get(name)
    switch (operator) {
      case '}':
        return value ?? ''
      case ':':
        return this.#conditional(name, value || undefined, this.#take() ?? '')
      case '#':
      case '%':
        return this.#trim(value ?? '', operator)
      case '/':
        return this.#replace(value ?? '')
      default:
        return this.#conditional(name, value, operator)
    }
  }

  #conditional(name: string, value: string | undefined, operator: string): string {
    if (!['-', '+', '?'].includes(operator)) {
      throw this.#expansion.fail('one of the operators :- - :+ + :? ? # ## % %% / //', this.#word)
    }
    const word = this.until('}', false)
    if (operator === '+') return value === undefined ? '' : word
    if (value !== undefined) return value
    if (operator === '-') return word
    const found = `it ${this.#expansion.variables.has(name) ? 'empty' : 'unset'}`
    throw this.#expansion.fail(`${name} to be set`, word === '' ? found : `${found}: ${word}`)
  }

  #trim(value: string, operator: '#' | '%'): string {
    const longest = this.#peek() === operator
    if (longest) this.#at += 1
    const pattern = this.until('}', true)
    return operator === '#' ? trimPrefix(value, pattern, longest) : trimSuffix(value, pattern, longest)
  }

  #replace(value: string): string {
    const all = this.#peek() === '/'
    if (all) this.#at += 1
    const pattern = this.until('/', true)
    return replacePattern(value, pattern, this.until('}', true), all)
  }

  #name(): string {
    const first = this.#peek() ?? ''
    const kind = /\d/.test(first) ? /\d/ : /[\p{L}\p{Nd}_]/u
    if (/[@*#?\-$!]/.test(first)) return this.#take() ?? ''
    let name = ''
    for (let next = this.#peek(); next !== undefined && kind.test(next); next = this.#peek()) {
      name += next
      this.#at += 1
    }
    return name
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #take(): string | undefined {
    const next = this.#peek()
    this.#at += 1
    return next
  }
}
