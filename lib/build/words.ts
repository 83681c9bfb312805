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

/** A JSON array of strings; null where the text is none. */
export function readJsonWords(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((each): each is string => typeof each === 'string') ? value : null
  } catch {
    return null
  }
}
