import { createReadStream } from 'node:fs'
import { constants, copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { blobPath } from '../image/docker-manifest.js'
import { chain } from '../streams/body.js'
import { flow } from '../streams/flow.js'
import type { Blob } from './blob.js'
import type { Descriptor } from './descriptor.js'
import type { Digest } from './digest.js'
import { createFileWriter } from './file-writer.js'
import { makeDirectory } from './make-directory.js'
import { outputProblem, writing } from './output-problem.js'
import { createPendingName } from './pending-name.js'
import type { VerifiedFiles } from './verified.js'
import { verifyBytes } from './verify.js'

/** What adding a blob came to: it was written, or was there, or what was there was damaged and is whole again. */
export type Added = 'written' | 'present' | 'healed'

/** The `blobs/` of an OCI layout (image-spec, image-layout.md). */
export interface BlobDirectory {
  pathOf(digest: Digest): string
  /** Bytes of the file, or null where there is none; says nothing of what they are. */
  size(digest: Digest): Promise<number | null>
  /** Reads the blob that is there, verified as it is read. */
  open(descriptor: Descriptor): Promise<Blob>
  /** Makes sure that the blob is there, whole. One that is there is verified first. */
  add(blob: Blob, signal?: AbortSignal): Promise<Added>
}

export interface BlobDirectoryOptions {
  /** The layout's root. */
  readonly root: string
  /** Where blobs are while they are written; on the same file system. Made when it is needed. */
  readonly ingest: string
  readonly verified: VerifiedFiles
}

export function createBlobDirectory({ root, ingest, verified }: BlobDirectoryOptions): BlobDirectory {
  const pathOf = (digest: Digest): string => join(root, blobPath(digest))
  return {
    pathOf,
    size: (digest) => sizeOf(pathOf(digest)),
    async open(descriptor) {
      const path = pathOf(descriptor.digest)
      const known = await verified.knows(path, descriptor.digest)
      return openFile(path, descriptor, known)
    },
    async add(blob, signal) {
      const { digest } = blob.descriptor
      const path = pathOf(digest)
      const found = await sizeOf(path)
      if (found !== null && (await verified.holds(path, digest))) return 'present'
      await ingestBlob(blob, path, ingest, signal)
      await verified.note(path, digest)
      return found === null ? 'written' : 'healed'
    }
  }
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? found.size : null
}

function openFile(path: string, descriptor: Descriptor, known: boolean): Blob {
  return {
    descriptor,
    open(range) {
      if (range && range.end <= range.start) return Readable.from([])
      if (range) return createReadStream(path, { start: range.start, end: range.end - 1, highWaterMark: BLOCK })
      return chain(createReadStream(path, { highWaterMark: BLOCK }), [verifyBytes(descriptor, path)])
    },
    ...(known && { file: path })
  }
}

const BLOCK = 2 ** 20

/** Temp, digest while writing, fsync, rename. */
async function ingestBlob(blob: Blob, path: string, ingest: string, signal?: AbortSignal): Promise<void> {
  const pending = join(ingest, createPendingName())
  const { file } = blob
  try {
    await writing('write blob', path, () => makeDirectories([ingest, dirname(path)]))
    if (file === undefined) await writeBlob(blob, pending, signal)
    else await writing('write blob', path, () => copyBlob(file, pending))
    await writing('write blob', path, () => seal(pending, path))
  } finally {
    await rm(pending, { force: true })
  }
}

async function makeDirectories(paths: readonly string[]): Promise<void> {
  for (const path of paths) await makeDirectory(path)
}

/** Where the file system can, the copy shares the original's blocks. Links would share what people do to either. */
async function copyBlob(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
}

async function writeBlob(blob: Blob, path: string, signal?: AbortSignal): Promise<void> {
  const writer = createFileWriter({
    explain: (error) => outputProblem('write blob', path, error),
    open: () => open(path, 'wx'),
    close: (file) => file.close(),
    durable: true
  })
  await flow([blob.open(), verifyBytes(blob.descriptor, 'what is to be stored'), writer], signal)
}

/** Blobs never change: 0444, as in the tar. */
async function seal(pending: string, path: string): Promise<void> {
  const file = await open(pending, 'r+')
  try {
    await file.chmod(0o444)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(pending, path)
}
