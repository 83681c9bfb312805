/*
 * The patterns of `${v#p}`, `${v%p}` and `${v/p/r}` in BuildKit's shell lexer: `*` and `?` without brackets, `\`
 * before a character that would mean something.
 */

/** Cuts off what `pattern` matches at the front: as little as possible, or as much (`longest`). */
export function trimPrefix(value: string, pattern: string, longest: boolean): string {
  return value.replace(new RegExp(`^${toExpression(pattern, longest)}`, 'su'), '')
}

/** The same at the end. */
export function trimSuffix(value: string, pattern: string, longest: boolean): string {
  const end = new RegExp(`^${toExpression(pattern, true)}$`, 'su')
  const characters = [...value]
  const starts = Array.from({ length: characters.length + 1 }, (_, at) => at)
  const start = (longest ? starts : starts.toReversed()).find((at) => end.test(characters.slice(at).join('')))
  return start === undefined ? value : characters.slice(0, start).join('')
}

/** Replaces the first match, or all of them. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string {
  return value.replace(new RegExp(toExpression(pattern, true), all ? 'gsu' : 'su'), () => replacement)
}

function toExpression(pattern: string, longest: boolean): string {
  return pattern.replace(/\\([\s\S])|[\s\S]/gu, (token, escaped: string | undefined) => {
    if (escaped !== undefined) return literal(escaped)
    if (token === '*') return longest ? '.*' : '.*?'
    return token === '?' ? '.' : literal(token)
  })
}

function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}
