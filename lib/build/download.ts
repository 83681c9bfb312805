import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { algorithmOf, type Digest } from '../blob/digest.js'
import { createTemporaryFileWriter } from '../blob/file-writer.js'
import { gunzip } from '../codec/gunzip.js'
import { createEntry } from '../diff/entry.js'
import { InputError } from '../errors.js'
import type { Context } from '../graph/context.js'
import type { HttpResponse } from '../registry/transport.js'
import { chain } from '../streams/body.js'
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
export function fileNameOfUrl(url: string): string {
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
  const entry = createEntry({ path: bytesOfText(fileNameOfUrl(url)), type: 'file', mode: 0o600, size, mtime })
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
  context: Context
): Promise<Downloaded> {
  const problem = { operation: 'download', subject: url }
  if (!URL.canParse(url)) throw new InputError({ ...problem, expected: 'a URL', found: 'something else' })
  const { registryResource } = await import('../registry/client.js') // most builds fetch nothing
  const { signal } = context
  return context.resource(registryResource).fetch({ ...problem, url: new URL(url), signal }, async (answer) => {
    await rm(path, { force: true }) // what an attempt before this one left
    const { size, hex } = await receive(decoded(answer, url), checksum, path, signal)
    checkDigest(url, checksum, hex)
    const modified = Date.parse(answer.header('last-modified') ?? '')
    return { size, mtime: Number.isNaN(modified) ? 0 : Math.floor(modified / 1000), hex }
  })
}

async function receive(body: Readable, checksum: Digest | null, path: string, signal: AbortSignal) {
  const digest = createHash(checksum === null ? 'sha256' : algorithmOf(checksum))
  let size = 0
  const onWrite = (chunk: Buffer): void => {
    digest.update(chunk)
    size += chunk.length
  }
  await flow([body, createTemporaryFileWriter(path, { onWrite })], signal)
  return { size, hex: digest.digest('hex') }
}

/** A server may keep a file compressed, and say so. */
function decoded({ body, header }: HttpResponse, url: string): Readable {
  const encoding = header('content-encoding')?.toLowerCase() ?? 'identity'
  if (encoding === 'identity') return body
  if (/^(?:x-)?gzip$/.test(encoding)) return chain(body, [gunzip(url, {})])
  body.resume().on('error', () => {})
  throw new InputError({ operation: 'download', subject: url, expected: 'bytes, or gzip', found: encoding })
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
