/**
 * Two columns for a terminal, two spaces in: the right one is wrapped, and stands on a line of its own where the left
 * one is wide. Lines have at most `width` characters, as far as words allow.
 */
export function renderColumns(rows: readonly (readonly [string, string])[], width = 80): string {
  const left = Math.min(WIDEST, Math.max(0, ...rows.map(([text]) => text.length)))
  const gap = ' '.repeat(left + 4)
  return rows
    .map(([name, text]) => {
      const lines = wrap(text, width - gap.length).map((line) => gap + line)
      const [first = '', ...rest] = lines
      const head = name.length > left ? [`  ${name}`, first] : [`  ${name.padEnd(left)}  ${first.trimStart()}`]
      return [...head, ...rest].map((line) => `${line.trimEnd()}\n`).join('')
    })
    .join('')
}

/** Lines of at most `width` characters, cut at spaces. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Of the left column, before its text gets a line of its own. */
const WIDEST = 24
