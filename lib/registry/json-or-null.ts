/** What a text is as JSON; null where it is none. For who has to look at the value closely anyway. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
