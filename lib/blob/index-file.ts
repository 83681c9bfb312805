import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../errors.js'
import { parseLayoutIndex } from '../image/documents.js'
import { createLayoutIndex, createLayoutMarker } from '../image/index-document.js'
import type { Descriptor } from './descriptor.js'
import { withLock } from './lock.js'
import { makeDirectory } from './make-directory.js'
import { writing } from './output-problem.js'
import { syncDirectory } from './sync-directory.js'
import { writeDocument } from './write-document.js'

/** What is listed, in place of what was. */
export type Change = (present: readonly Descriptor[]) => readonly Descriptor[] | Promise<readonly Descriptor[]>

/** The `index.json` of an OCI layout that several processes may write. */
export interface IndexFile {
  /** What it lists; nothing where there is no layout yet. */
  read(): Promise<readonly Descriptor[]>
  /**
   * Replaces what it lists in one step, while nobody else does. Makes the layout where there is none. The signal ends
   * the wait for others.
   */
  update(change: Change, signal?: AbortSignal): Promise<void>
  /** Runs `work` while nobody else changes the layout. */
  exclusively<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** @param lock path of the lock; it has to be the same for all who write this layout */
export function createIndexFile(root: string, lock: string): IndexFile {
  const exclusively = async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    await writing('create directory', dirname(lock), () => makeDirectory(dirname(lock)))
    return withLock(lock, work, signal)
  }
  const read = () => readIndex(join(root, 'index.json'))
  return {
    read,
    exclusively,
    update: (change, signal) =>
      exclusively(async () => {
        await syncBlobs(root)
        await writeMarker(join(root, 'oci-layout'))
        await writeDocument(join(root, 'index.json'), createLayoutIndex(await change(await read())), 0o644)
      }, signal)
  }
}

async function readIndex(path: string): Promise<readonly Descriptor[]> {
  try {
    return parseLayoutIndex(await readFile(path), path).manifests
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** The names of blobs have to last before something refers to them. */
async function syncBlobs(root: string): Promise<void> {
  for (const algorithm of ['sha256', 'sha512']) {
    const directory = join(root, 'blobs', algorithm)
    if (await stat(directory).catch(() => null)) await syncDirectory(directory)
  }
}

async function writeMarker(path: string): Promise<void> {
  if (!(await stat(path).catch(() => null))) await writeDocument(path, createLayoutMarker(), 0o444)
}
