import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { algorithmOf, type Digest, hexOf, isDigest } from './digest.js'
import { makeDirectory } from './make-directory.js'
import { writing } from './output-problem.js'
import { createPendingName, removeLeftovers } from './pending-name.js'

/** Digests that somebody relies on, so that they survive until a name refers to them. */
export interface LeaseRecord {
  /** Notes a digest. It has to be done before the blob is looked for, or written. */
  note(digest: Digest): Promise<void>
  release(): Promise<void>
}

/** What all processes that run rely on. A lease is a directory, with an empty file per digest. */
export interface Leases {
  begin(): Promise<LeaseRecord>
  /** The digests of all leases; those of dead processes end with this. */
  held(): Promise<ReadonlySet<Digest>>
}

export function createLeases(directory: string): Leases {
  return {
    async begin() {
      const lease = join(directory, createPendingName())
      await writing('create directory', lease, () => makeDirectory(lease))
      await removeLeftovers(directory)
      return {
        note: (digest) => writing('write', lease, () => writeFile(join(lease, fileNameOf(digest)), '')),
        release: () => rm(lease, { recursive: true, force: true })
      }
    },
    async held() {
      await makeDirectory(directory)
      await removeLeftovers(directory)
      const held = new Set<Digest>()
      for (const lease of await readdir(directory)) {
        const names = await readdir(join(directory, lease)).catch(() => []) // released meanwhile
        for (const digest of names.map(digestOfFileName)) if (isDigest(digest)) held.add(digest)
      }
      return held
    }
  }
}

function fileNameOf(digest: Digest): string {
  return `${algorithmOf(digest)}-${hexOf(digest)}`
}

function digestOfFileName(name: string): string {
  return name.replace('-', ':')
}
