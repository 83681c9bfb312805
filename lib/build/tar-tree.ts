import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { decompressAny } from '../codec/decompress.js'
import { layerSnapshots } from '../diff/layered.js'
import { readHeader } from '../diff/read-header.js'
import type { Snapshot } from '../diff/snapshot.js'
import { chain } from '../streams/body.js'
import { bytesOfText } from '../streams/bytes.js'
import { extractEntries } from '../tar/extract.js'
import { nodesOf, treeOf } from './snapshot-tree.js'
import type { Tree, TreeNode } from './tree.js'

/** Where a tar's bytes come from, and what they are called. */
export interface TarSource {
  open(): Readable
  /** For people. */
  readonly subject: string
  /** Stands for the bytes; null where nothing does. */
  readonly identity: string | null
}

/**
 * What a tar holds, plain or compressed, as a tree. Names that are whiteouts in a layer mean nothing here. `spool`
 * gives the path of a temporary file, in which the bodies lie from then on.
 */
export async function readTarTree(tar: TarSource, spool: () => Promise<string>): Promise<Tree> {
  return treeOf(await readTar(tar, spool, true), tar.identity)
}

/** The entries of a tar as nodes in walk order: the same, without the directories that are only in paths of others. */
export async function readTarNodes(tar: TarSource, spool: () => Promise<string>): Promise<Iterable<TreeNode>> {
  return (await nodesOf(await readTar(tar, spool, false), tar.identity)).values()
}

function readTar({ open, subject }: TarSource, spool: () => Promise<string>, implied: boolean): Promise<Snapshot> {
  const entries = (): Readable => chain(open(), [decompressAny(subject), extractEntries(subject, { whiteouts: false })])
  return layerSnapshots(Readable.from([0]).map(entries), { keepWhiteouts: false, implied, subject, spool })
}

/** The same of a file of this machine; `subject` is what people call it. */
export function readTarFile(path: string, spool: () => Promise<string>, subject: string = path): Promise<Tree> {
  const open = () => createReadStream(path, { highWaterMark: CHUNK })
  const identity = readHeader(bytesOfText(path), '').entry?.identity ?? null
  return readTarTree({ open, subject, identity }, spool)
}

const CHUNK = 2 ** 20
