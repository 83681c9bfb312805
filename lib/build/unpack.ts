import { Readable } from 'node:stream'
import { decompressAny } from '../codec/decompress.js'
import { baseOf } from '../diff/entry.js'
import { chain } from '../streams/body.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { BLOCK_SIZE } from '../tar/header.js'
import { isTarHeader } from '../tar/is-tar.js'
import { createParentDirectories } from './parent-directories.js'
import { readTarNodes, type TarSource } from './tar-tree.js'
import { childPath, openBody, type TreeNode } from './tree.js'
import type { TreeWriter } from './writer.js'

/** First bytes of compressions that ADD unpacks elsewhere and this program cannot read. */
const UNREADABLE: readonly (readonly [string, string])[] = [
  ['xz', '\xfd7zXZ\0'],
  ['bzip2', 'BZh']
]

/** What ADD finds when it looks into a file. */
export type Archive =
  | { readonly kind: 'archive' }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly name: string }

/** Looks whether a body is a tar, plain or compressed, by its first bytes. */
export async function inspectArchive({ entry, body }: TreeNode): Promise<Archive> {
  if (!body || entry.size === 0) return { kind: 'other' }
  const head = (await firstBytes(openBody(body, entry), 6)).toString('latin1')
  const [name] = UNREADABLE.find(([, magic]) => head.startsWith(magic)) ?? []
  if (name !== undefined) return { kind: 'unreadable', name }
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

/**
 * Unpacks an archive into a directory of the writer's tree. Owners and times are the archive's own. As with BuildKit and
 * tar(1) what an entry's name leads through stays as it is, links followed as if the directory were the root; what
 * the name itself stands for is replaced, unless both are directories.
 */
export async function unpackArchive(
  node: TreeNode,
  directory: ByteString,
  writer: TreeWriter,
  temporary: () => Promise<string>,
  circular: (path: ByteString) => Error
): Promise<void> {
  const nodes = await readTarNodes(tarOf(node), temporary)
  const parents = createParentDirectories(directory, writer, circular)
  writer.beginSource()
  for (const each of nodes) {
    const { path } = each.entry
    writer.replace(childPath(parents(path), baseOf(path)), each)
  }
}

function tarOf({ entry, body }: TreeNode): TarSource {
  return {
    open: () => (body ? openBody(body, entry) : Readable.from([])),
    subject: `archive ${textOf(entry.path)}`,
    identity: body?.identity ?? null
  }
}
