import { UsageError } from '../errors.js'

/** The values of a flag of the form `KEY=VALUE`, as a record; `bare` gives the value of a `KEY` that stands alone. */
export function readPairs(
  flag: string,
  texts: readonly string[],
  bare: (key: string) => string | undefined
): Readonly<Record<string, string>> {
  const pairs = texts.flatMap((text): (readonly [string, string])[] => {
    const equals = text.indexOf('=')
    const key = equals < 0 ? text : text.slice(0, equals)
    if (key === '') {
      const problem = {
        operation: `read ${flag}`,
        subject: JSON.stringify(text),
        expected: 'KEY=VALUE',
        found: 'no key'
      }
      throw new UsageError(problem)
    }
    const value = equals < 0 ? bare(key) : text.slice(equals + 1)
    return value === undefined ? [] : [[key, value]]
  })
  return Object.fromEntries(pairs)
}
