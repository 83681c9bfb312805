import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import type { Digest } from '../blob/digest.js'
import { createTemporaryFileWriter } from '../blob/file-writer.js'
import { createEntry } from '../diff/entry.js'
import { InputError } from '../errors.js'
import { bytesOfText } from '../streams/bytes.js'
import { flow } from '../streams/flow.js'
import { fileOrigin } from './file-origin.js'
import type { TreeNode } from './tree.js'

/** Whether a source word of ADD is fetched over the network. */
export function isUrl(word: string): boolean {
  return /^https?:\/\//.test(word)
}

/** Whether a source word names a Git repository, which BuildKit clones. */
export function isGit(word: string): boolean {
  return /^(?:git:\/\/|git@|ssh:\/\/)/.test(word) || /^https?:\/\/[^?#]*\.git(?:[?#]|$)/.test(word)
}

/** What a URL's file is called: the last part of its path. */
export function nameOfUrl(url: string): string {
  const name = posix.basename(decodeURIComponent(new URL(url).pathname))
  return name === '' || name === '..' ? '__unnamed__' : name
}

/** A file that was fetched. */
export interface Downloaded {
  /** Bytes. */
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  /** Hex digits of its digest. */
  readonly hex: string
}

/** A file that was fetched from a URL to `path`, as ADD has it: mode 0600. */
export function downloadedNode(url: string, path: string, { size, mtime, hex }: Downloaded): TreeNode {
  const entry = createEntry({ path: bytesOfText(nameOfUrl(url)), type: 'file', mode: 0o600, size, mtime })
  return { entry, body: { origin: fileOrigin(() => bytesOfText(path)), path: entry.path, identity: hex }, inode: null }
}

/**
 * Fetches a URL to `path`. Its time is that of `Last-Modified`, else 0, as BuildKit has it. Fails on any status but
 * success, and when the bytes are not those of `checksum`.
 */
export async function download(
  url: string,
  checksum: Digest | null,
  path: string,
  signal: AbortSignal
): Promise<Downloaded> {
  const response = await request(url, signal)
  const digest = createHash(checksum?.startsWith('sha512:') ? 'sha512' : 'sha256')
  let size = 0
  const counted = Readable.from(
    measure(response.body, (chunk) => {
      digest.update(chunk)
      size += chunk.length
    }),
    { objectMode: false }
  )
  const writer = createTemporaryFileWriter(path)
  await flow([counted, writer], signal)
  const hex = digest.digest('hex')
  checkDigest(url, checksum, hex)
  const modified = Date.parse(response.headers.get('last-modified') ?? '')
  return { size, mtime: Number.isNaN(modified) ? 0 : Math.floor(modified / 1000), hex }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw new InputError({
      operation: 'download',
      subject: url,
      cause: cause instanceof Error ? (cause.cause ?? cause) : cause
    })
  })
  if (response.ok) return response
  await response.body?.cancel()
  throw new InputError({ operation: 'download', subject: url, expected: 'success', found: `status ${response.status}` })
}

async function* measure(body: Response['body'], onChunk: (chunk: Uint8Array) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body ?? []) {
    onChunk(chunk)
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  }
}

function checkDigest(url: string, expected: Digest | null, hex: string): void {
  if (expected === null || expected.endsWith(`:${hex}`)) return
  const found = `${expected.slice(0, expected.indexOf(':'))}:${hex}`
  throw new InputError({
    operation: 'download',
    subject: url,
    expected,
    found,
    advice: 'check the --checksum, or where the file comes from'
  })
}
