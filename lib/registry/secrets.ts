/** What must never be seen: every credential and token that was used. */
export interface Secrets {
  add(secret: string): void
  /** The text without them. */
  redact(text: string): string
}

export function createSecrets(): Secrets {
  const known = new Set<string>()
  return {
    add: (secret) => {
      // Shorter ones would blot out ordinary words; nobody's password is told by three letters of an error.
      if (secret.length > 3) known.add(secret)
    },
    redact: (text) => [...known].reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  }
}

/** A URL for people: without user, password and query, where signed links have their keys. */
export function nameOfUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}
