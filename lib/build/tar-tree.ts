import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { decompressAny } from '../codec/decompress.js'
import { layerSnapshots } from '../diff/layered.js'
import { readHeader } from '../diff/read-header.js'
import { chain } from '../streams/body.js'
import { bytesOfText } from '../streams/bytes.js'
import { extractEntries } from '../tar/extract.js'
import { treeOf } from './snapshot-tree.js'
import type { Tree } from './tree.js'

/**
 * What a tar holds, plain or compressed, as a tree. Names that are whiteouts in a layer mean nothing here. `spool`
 * gives the path of a temporary file, in which the bodies lie from then on; `identity` stands for the tar's bytes.
 */
export async function readTarTree(
  open: () => Readable,
  subject: string,
  identity: string | null,
  spool: () => Promise<string>
): Promise<Tree> {
  const entries = (): Readable => chain(open(), [decompressAny(subject), extractEntries(subject, { whiteouts: false })])
  return treeOf(
    await layerSnapshots(Readable.from([0]).map(entries), { keepWhiteouts: false, subject, spool }),
    identity
  )
}

/** The same of a file of this machine. */
export function readTarFile(path: string, spool: () => Promise<string>): Promise<Tree> {
  return readTarTree(
    () => createReadStream(path, { highWaterMark: CHUNK }),
    path,
    readHeader(bytesOfText(path), '').entry?.identity ?? null,
    spool
  )
}

const CHUNK = 2 ** 20
