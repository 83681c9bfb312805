import type { Readable } from 'node:stream'
import { decompressAny } from '../codec/decompress.js'
import { UNREADABLE_LENGTH, unreadableFormat } from '../codec/unreadable-format.js'
import { chain } from '../streams/body.js'
import { BLOCK_SIZE } from '../tar/header.js'
import { isTarHeader } from '../tar/is-tar.js'
import { openBody, type TreeNode } from './tree.js'

/** What ADD finds when it looks into a file. */
export type Archive =
  | { readonly kind: 'archive' }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly name: string }

/** Looks whether a body is a tar, plain or compressed, by its first bytes. */
export async function inspectArchive({ entry, body }: TreeNode): Promise<Archive> {
  if (!body || entry.size === 0) return { kind: 'other' }
  const name = unreadableFormat(await firstBytes(openBody(body, entry), UNREADABLE_LENGTH))
  if (name !== null) return { kind: 'unreadable', name }
  try {
    const header = await firstBytes(chain(openBody(body, entry), [decompressAny(entry.path)]), BLOCK_SIZE)
    return { kind: isTarHeader(header) ? 'archive' : 'other' }
  } catch {
    return { kind: 'other' } // looks compressed and is not: it is copied as it is
  }
}

async function firstBytes(stream: Readable, count: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece)
    length += piece.length
    if (length >= count) break
  }
  return Buffer.concat(pieces).subarray(0, count)
}
