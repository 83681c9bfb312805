/** One way in that a 401 offers (RFC 9110, 11.6.1). Scheme and names of parameters in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Reads `WWW-Authenticate`, which may hold several challenges. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  for (const { groups } of header.matchAll(PIECE)) {
    if (groups?.scheme !== undefined) challenges.push({ scheme: groups.scheme.toLowerCase(), parameters: {} })
    const { name, quoted, plain } = groups ?? {}
    const last = challenges.at(-1)
    if (name === undefined || !last) continue
    last.parameters[name.toLowerCase()] = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1')
  }
  return challenges
}

const PIECE =
  /(?<name>[\w-]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s,"]+))|(?<scheme>[A-Za-z][\w-]*)(?=\s|,|$)/g
