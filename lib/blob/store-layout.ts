import { join } from 'node:path'
import { type BlobDirectory, createBlobDirectory } from './blob-directory.js'
import { createIndexFile, type IndexFile } from './index-file.js'
import { createLeases, type Leases } from './leases.js'
import { createRecords, type Records } from './records.js'
import { createVerifiedFiles, type VerifiedFiles } from './verified.js'

/** What a store consists of: an OCI layout, and beside it what only this program reads. */
export interface StoreLayout {
  readonly root: string
  /** Where blobs are while they are written. */
  readonly ingest: string
  readonly blobs: BlobDirectory
  readonly index: IndexFile
  readonly verified: VerifiedFiles
  readonly leases: Leases
  readonly records: Records
}

export function createStoreLayout(root: string): StoreLayout {
  const own = join(root, '.layerpipe')
  const ingest = join(own, 'ingest')
  const verified = createVerifiedFiles(join(own, 'verified'))
  return {
    root,
    ingest,
    verified,
    blobs: createBlobDirectory({ root, ingest, verified }),
    index: createIndexFile(root, join(own, 'lock')),
    leases: createLeases(join(own, 'leases')),
    records: createRecords(join(own, 'records'))
  }
}
