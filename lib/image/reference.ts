import type { Digest } from '../blob/digest.js'
import { isDigest } from '../blob/digest.js'
import { UsageError } from '../errors.js'
import { isRepository, isTag, LONGEST_REPOSITORY } from './names.js'

/**
 * A name for an image, complete: `docker.io/library/foo:latest`. The grammar and the defaults are those of the
 * distribution project's reference package.
 */
export interface Reference {
  /** Host, with its port if one was said. */
  readonly domain: string
  /** The repository on that host. */
  readonly path: string
  readonly tag?: string
  readonly digest?: Digest
}

/** Reads a name as people write it. With neither tag nor digest, the tag is `latest`. */
export function parseReference(text: string): Reference {
  const reference = parseName(text)
  return reference.tag || reference.digest ? reference : { ...reference, tag: DEFAULT_TAG }
}

/** As `parseReference`, but a tag that was not said stays unsaid. */
export function parseName(text: string): Reference {
  if (text.length > LONGEST_TEXT) throw unreadable(text, `${text.length} characters`, 'shorten it')
  if (/^[a-f0-9]{64}$/.test(text)) throw unreadable(text, 'the identifier of an image', 'give it a name')
  const [name, digest] = cut(text, '@')
  const [domain, remainder] = splitDomain(name)
  const [path, tag] = cut(remainder, ':')
  checkDomain(text, domain)
  checkPath(text, path)
  if (tag !== null && !isTag(tag)) throw unreadable(text, `the tag ${JSON.stringify(tag)}`, TAG_RULE)
  if (digest !== null && !isDigest(digest)) throw unreadable(text, `the digest ${JSON.stringify(digest)}`, DIGEST_RULE)
  return { domain, path, ...(tag !== null && { tag }), ...(digest !== null && { digest }) }
}

/** Whether a name may begin with it as its host: `example.com`, `localhost:5000`. */
export function isHost(text: string): boolean {
  return looksLikeHost(text) && HOST.test(text)
}

/** The full name: `docker.io/library/foo:latest`. */
export function formatReference({ domain, path, tag, digest }: Reference): string {
  return `${domain}/${path}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
}

/** The short name that people use: without `docker.io/` and `library/`. */
export function familiarName(reference: Reference): string {
  const full = formatReference(reference)
  if (reference.domain !== DEFAULT_DOMAIN) return full
  const path = full.slice(DEFAULT_DOMAIN.length + 1)
  return /^library\/[^/]+$/.test(reference.path) ? path.slice(LIBRARY.length) : path
}

/** What stands before the first slash is a host if it looks like one; else the host is Docker Hub. */
function splitDomain(name: string): readonly [domain: string, remainder: string] {
  const slash = name.indexOf('/')
  const first = name.slice(0, slash)
  const hasHost = slash >= 0 && looksLikeHost(first)
  const domain = hasHost ? first : DEFAULT_DOMAIN
  const remainder = hasHost ? name.slice(slash + 1) : name
  if (domain !== DEFAULT_DOMAIN && domain !== LEGACY_DEFAULT_DOMAIN) return [domain, remainder]
  return [DEFAULT_DOMAIN, remainder.includes('/') ? remainder : `${LIBRARY}${remainder}`]
}

function looksLikeHost(text: string): boolean {
  return /[.:]/.test(text) || text === 'localhost' || text !== text.toLowerCase()
}

function checkDomain(text: string, domain: string): void {
  if (HOST.test(domain)) return
  throw unreadable(text, `the host ${JSON.stringify(domain)}`, 'write it as example.com or localhost:5000')
}

function checkPath(text: string, path: string): void {
  if (path !== path.toLowerCase()) {
    const said = text.includes(path) ? path : path.slice(LIBRARY.length)
    const advice = `write it in lower case: ${text.replace(said, said.toLowerCase())}`
    throw unreadable(text, 'a repository with upper case letters', advice)
  }
  if (path.length > LONGEST_REPOSITORY) {
    throw unreadable(text, `a repository of ${path.length} characters`, `shorten it to ${LONGEST_REPOSITORY}`)
  }
  if (!isRepository(path)) throw unreadable(text, `the repository ${JSON.stringify(path)}`, REPOSITORY_RULE)
}

function cut(text: string, separator: string): readonly [before: string, after: string | null] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)]
}

function unreadable(text: string, found: string, advice: string): UsageError {
  return new UsageError({
    operation: 'read image name',
    subject: JSON.stringify(text.slice(0, 300)),
    expected: '[HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]',
    found,
    advice
  })
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-f0-9:]+\])(?::[0-9]+)?$/i
const DEFAULT_DOMAIN = 'docker.io'
const LEGACY_DEFAULT_DOMAIN = 'index.docker.io'
/** What names of one part on Docker Hub are in. */
const LIBRARY = 'library/'
const DEFAULT_TAG = 'latest'
/** Longer than any valid name: host 253 and port, repository 255, tag 128, digest 135. */
const LONGEST_TEXT = 1024
const TAG_RULE = 'a tag has up to 128 letters, digits, "_", "." and "-", and starts with none of the last two'
const DIGEST_RULE = 'a digest is sha256: with 64 or sha512: with 128 lower-case hex digits'
const REPOSITORY_RULE = 'lower-case letters and digits, with single ".", "_", "__" or any number of "-" between them'
