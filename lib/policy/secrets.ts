import type { Rule } from './rule.js'

/** What gives a secret away: a marker that is quick to look for, and what has to follow it. */
interface Secret {
  readonly marker: Buffer
  readonly shape: RegExp
  readonly name: string
}

function secret(marker: string, shape: RegExp, name: string): Secret {
  return { marker: Buffer.from(marker), shape, name }
}

const SECRETS: readonly Secret[] = [
  secret(
    '-----BEGIN ',
    /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=:\s-]{32}/,
    'a private key'
  ),
  secret('PuTTY-User-Key-File-', /^PuTTY-User-Key-File-\d: /, 'a private key'),
  secret('AKIA', /^AKIA[0-9A-Z]{16}(?![0-9A-Za-z])/, 'an AWS access key'),
  secret('ghp_', /^ghp_[0-9A-Za-z]{36}(?![0-9A-Za-z])/, 'a GitHub token'),
  secret('github_pat_', /^github_pat_[0-9A-Za-z_]{60,}/, 'a GitHub token'),
  secret('glpat-', /^glpat-[0-9A-Za-z_-]{20}/, 'a GitLab token'),
  secret('npm_', /^npm_[0-9A-Za-z]{36}(?![0-9A-Za-z])/, 'an npm token'),
  secret(':_authToken=', /^:_authToken=(?!\$\{)["']?[0-9A-Za-z_-]{20,}/, 'an npm token'),
  secret('xox', /^xox[abprs]-[0-9A-Za-z-]{20,}/, 'a Slack token'),
  secret('sk_live_', /^sk_live_[0-9A-Za-z]{24,}/, 'a Stripe key'),
  secret('AIza', /^AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/, 'a Google API key')
]

/** Longer than the longest of what a shape looks at: kept of a piece, for what goes on in the next one. */
const OVERLAP = 256

/** Contents that give a secret away, wherever they are cut. */
export const secrets: Rule = {
  name: 'secrets',
  judge() {
    let tail = Buffer.alloc(0)
    return {
      entry() {
        tail = Buffer.alloc(0)
        return null
      },
      piece(bytes) {
        const seam = Buffer.concat([tail, bytes.subarray(0, OVERLAP)])
        const found = findSecret(seam) ?? findSecret(bytes)
        tail = Buffer.concat([tail, bytes.subarray(-OVERLAP)]).subarray(-OVERLAP)
        return found && `holds ${found}`
      }
    }
  }
}

function findSecret(bytes: Buffer): string | null {
  for (const { marker, shape, name } of SECRETS) {
    for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) {
      if (shape.test(bytes.toString('latin1', at, at + OVERLAP))) return name
    }
  }
  return null
}
