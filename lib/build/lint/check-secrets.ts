import type { Dockerfile } from '../dockerfile.js'
import type { Finding } from './finding.js'

/** Arguments and variables that are named like secrets: everybody who has the image can read them. */
export function checkSecrets({ instructions }: Dockerfile): readonly Finding[] {
  return instructions.flatMap((each) => {
    if (each.kind !== 'ARG' && each.kind !== 'ENV') return []
    const { location } = each.statement
    const message = `keep secrets out of ${each.kind}: whoever has the image can read them`
    return each.assignments
      .filter(({ name }) => isSecret(name))
      .map(({ name }) => ({ rule: 'SecretsUsedInArgOrEnv', message, location, word: name }))
  })
}

function isSecret(name: string): boolean {
  const words = name.toLowerCase().split('_')
  return words.some((word) => SECRET.has(word)) && !words.some((word) => HARMLESS.has(word))
}

const SECRET: ReadonlySet<string> = new Set([
  ...['apikey', 'auth', 'credential', 'credentials', 'key', 'password', 'pword', 'passwd', 'secret', 'token']
])

/** With one of these, it is where a secret is, or the half of one that everybody may know. */
const HARMLESS: ReadonlySet<string> = new Set(['public', 'file', 'path', 'dir', 'url', 'id', 'name'])
