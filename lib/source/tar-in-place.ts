import { bodiesInFile } from '../diff/body-spool.js'
import type { Entry } from '../diff/entry.js'
import { createLayerIndex } from '../diff/layer-index.js'
import { indexedSnapshot, type LayeredSnapshot } from '../diff/layered.js'
import { createTarReader } from '../tar/reader.js'
import { readHeaders } from './read-headers.js'

export interface IndexTarOptions {
  /** Names the tar in errors. */
  readonly subject: string
  /** Counts bytes as they are read or passed over. */
  readonly onBytes: (bytes: number) => void
  /** Throws where the file has changed; called whenever bodies have been read. */
  readonly verify: () => Promise<void>
}

/** The entries of an uncompressed tar, which becomes a layer, as a snapshot whose bodies stay where they are. */
export async function indexTar(path: string, { subject, onBytes, verify }: IndexTarOptions): Promise<LayeredSnapshot> {
  const options = { keepWhiteouts: true, subject }
  const index = createLayerIndex(options)
  const take = (entry: Entry, _header: number, body: number): void => index.addEntry(entry, body)
  const reader = createTarReader(subject, { entry: take, piece: () => {} })
  await readHeaders(path, reader, onBytes)
  index.endLayer()
  await verify()
  const snapshot = indexedSnapshot(index, bodiesInFile(path), options)
  return {
    ...snapshot,
    async *contents(entries) {
      yield* snapshot.contents(entries)
      await verify()
    }
  }
}
