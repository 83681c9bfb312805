import { createReadStream } from 'node:fs'
import { chmod, link, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ByteRange } from '../../blob/blob.js'
import { algorithmOf, type Digest, hexOf } from '../../blob/digest.js'
import { makeDirectory } from '../../blob/make-directory.js'
import { createPendingFile } from '../../blob/pending-file.js'
import { syncDirectory } from '../../blob/sync-directory.js'
import { verifyBytes } from '../../blob/verify.js'
import { writeDocument } from '../../blob/write-document.js'
import { codeOf } from '../../errors.js'
import { chain } from '../../streams/body.js'
import { flow } from '../../streams/flow.js'
import type { ContentPool } from './storage.js'

/** Contents as an OCI layout has them: `blobs/sha256/<hex>` in a directory. */
export function createContentPool(directory: string): ContentPool {
  const pathOf = (digest: Digest): string => join(directory, 'blobs', algorithmOf(digest), hexOf(digest))
  return {
    size: (digest) =>
      stat(pathOf(digest)).then(
        (found) => found.size,
        () => null
      ),
    open: (digest, size, range) => openVerified(pathOf(digest), digest, size, range),
    put: (digest, bytes) => writeDocument(pathOf(digest), bytes, 0o444),
    async adopt(digest, path) {
      const target = pathOf(digest)
      await makeDirectory(dirname(target))
      await chmod(path, 0o444)
      await rename(path, target)
      await syncDirectory(dirname(target))
    },
    async link(digest, path) {
      const target = pathOf(digest)
      await makeDirectory(dirname(target))
      await link(path, target).catch((error: unknown) => copyUnlessThere(path, target, error))
      await syncDirectory(dirname(target))
    }
  }
}

/** Some file systems have no links, or not across directories. */
async function copyUnlessThere(path: string, target: string, error: unknown): Promise<void> {
  if (codeOf(error) === 'EEXIST') return
  const file = await createPendingFile(target)
  try {
    await flow([createReadStream(path, { highWaterMark: BLOCK }), file.writable()])
    await chmod(file.path, 0o444)
    await file.commit()
  } finally {
    await file.abandon()
  }
}

function openVerified(path: string, digest: Digest, size: number, range?: ByteRange): Readable {
  if (range) return createReadStream(path, { start: range.start, end: range.end - 1, highWaterMark: BLOCK })
  return chain(createReadStream(path, { highWaterMark: BLOCK }), [verifyBytes({ digest, size }, path)])
}

const BLOCK = 2 ** 20
