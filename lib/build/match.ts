/**
 * The expression of a pattern of Go's `filepath.Match`: `*` and `?` stop at slashes, `[a-z]` and `[^a-z]`, and `\`
 * before a character that would mean something. Null where the pattern is malformed.
 */
export function compileGlob(pattern: string): RegExp | null {
  let expression = ''
  for (let rest = pattern; rest !== ''; ) {
    const [token] = TOKEN.exec(rest) ?? []
    const part = token === undefined ? null : translate(token)
    if (token === undefined || part === null) return null
    expression += part
    rest = rest.slice(token.length)
  }
  return new RegExp(`^${expression}$`, 'su')
}

/** Whether a word holds a character that makes it a pattern. */
export function hasWildcard(word: string): boolean {
  return /^(?:[^\\]|\\[\s\S])*?[*?[]/.test(word)
}

/** One token: a class, an escaped character, or a character. A `[` without its `]` and a `\` at the end are none. */
const TOKEN = /^(?:\[\^?(?:\\[\s\S]|[^\]\\])+\]|\\[\s\S]|[^[\\])/u

function translate(token: string): string | null {
  if (token === '*') return '[^/]*'
  if (token === '?') return '[^/]'
  if (token.length > 1 && token.startsWith('[')) return translateClass(token.slice(1, -1))
  return quote(token.startsWith('\\') ? token.slice(1) : token)
}

function translateClass(body: string): string | null {
  const negated = body.startsWith('^')
  const ranges: string[] = []
  for (let rest = negated ? body.slice(1) : body; rest !== ''; ) {
    const found = RANGE.exec(rest)
    if (!found) return null
    const [all, low = '', high = low] = found
    const [from, to] = [unquote(low), unquote(high)]
    if ((from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0)) ranges.push(`${quoteInClass(from)}-${quoteInClass(to)}`)
    rest = rest.slice(all.length)
  }
  const inside = ranges.join('')
  // In Go a class never matches a slash, negated or not.
  return negated ? `[^/${inside}]` : inside === '' ? '(?!)' : `(?!/)[${inside}]`
}

const RANGE = /^(\\[\s\S]|[^\\\-\]])(?:-(\\[\s\S]|[^\\\-\]]))?/u

function unquote(character: string): string {
  return character.length > 1 && character.startsWith('\\') ? character.slice(1) : character
}

function quote(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}

/** Only in a class a hyphen means something, and only there it may be quoted. */
function quoteInClass(character: string): string {
  return character === '-' ? '\\-' : quote(character)
}
