import { mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf } from '../errors.js'
import { mergeDockerManifest } from '../image/docker-manifest.js'
import { parseDockerManifest } from '../image/documents.js'
import { dockerImages, type LayoutOptions, layoutDocuments, rootOf } from '../image/layout-files.js'
import { mergeDescriptors, namedDescriptors } from '../image/layout-index.js'
import type { ImageBlob } from '../stages/items.js'
import type { Blob } from './blob.js'
import { type Added, type BlobDirectory, createBlobDirectory } from './blob-directory.js'
import { checkDestination } from './check-destination.js'
import { createIndexFile } from './index-file.js'
import { makeDirectory } from './make-directory.js'
import { outputProblem, writing } from './output-problem.js'
import { createPendingName, removeLeftovers } from './pending-name.js'
import { syncDirectory } from './sync-directory.js'
import { createVerifiedFiles, type VerifiedFiles } from './verified.js'
import { writeDocument } from './write-document.js'

/** An image on its way into a layout directory, which shows nothing of it before `commit`. */
export interface LayoutStaging {
  /** Takes a blob, unless the layout has it, whole. */
  add(blob: Blob, signal?: AbortSignal): Promise<Added>
  /**
   * Makes the image appear, beside what the layout has and gets from others meanwhile. The signal ends the wait for
   * those.
   */
  commit(blobs: readonly ImageBlob[], options: LayoutOptions, signal?: AbortSignal): Promise<void>
  /** Removes what was staged. Can be called at any time, any number of times; a committed image stays. */
  abandon(): Promise<void>
}

/**
 * Starts to write into the layout at `destination`. Where there is no such directory yet, the whole layout is staged
 * beside it and appears in one step; else the blobs are staged inside it, on the same file system for sure.
 *
 * @throws OutputError if the destination can't be written
 */
export async function createLayoutStaging(destination: string): Promise<LayoutStaging> {
  await checkDestination(destination, 'directory')
  return writing('create layout', destination, async () => {
    const target = await realpath(destination).catch(() => resolve(destination))
    const exists = (await stat(target).catch(() => null)) !== null
    const parent = exists ? target : dirname(target)
    await makeDirectory(parent)
    await removeLeftovers(parent)
    const path = join(parent, createPendingName())
    await mkdir(path)
    return new DirectoryStaging(target, path, exists)
  })
}

class DirectoryStaging implements LayoutStaging {
  readonly #target: string
  readonly #path: string
  readonly #exists: boolean
  readonly #present: BlobDirectory
  readonly #staged: BlobDirectory
  // A layout that others write is never taken at its word.
  readonly #verified: VerifiedFiles = createVerifiedFiles(null)

  constructor(target: string, path: string, exists: boolean) {
    this.#target = target
    this.#path = path
    this.#exists = exists
    this.#present = createBlobDirectory({ root: target, ingest: path, verified: this.#verified })
    this.#staged = createBlobDirectory({ root: path, ingest: path, verified: this.#verified })
  }

  async add(blob: Blob, signal?: AbortSignal): Promise<Added> {
    const { digest } = blob.descriptor
    const found = await this.#present.size(digest)
    if (found !== null && (await this.#verified.holds(this.#present.pathOf(digest), digest))) return 'present'
    const added = await this.#staged.add(blob, signal)
    return found !== null && added === 'written' ? 'healed' : added
  }

  async commit(blobs: readonly ImageBlob[], options: LayoutOptions, signal?: AbortSignal): Promise<void> {
    if (this.#exists || !(await this.#appear(blobs, options))) await this.#merge(blobs, options, signal)
  }

  async abandon(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }

  /** False where others have made the destination meanwhile. */
  async #appear(blobs: readonly ImageBlob[], options: LayoutOptions): Promise<boolean> {
    for (const { path, bytes, mode } of layoutDocuments(blobs, options)) {
      await writeDocument(join(this.#path, path), bytes, mode)
    }
    await writing('write layout', this.#target, () => syncLayout(this.#path))
    try {
      await rename(this.#path, this.#target)
    } catch (error) {
      if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
      throw outputProblem('write layout', this.#target, error)
    }
    await syncDirectory(dirname(this.#target))
    return true
  }

  /** Blobs first, index.json last, so that whatever it lists is there. */
  async #merge(blobs: readonly ImageBlob[], options: LayoutOptions, signal?: AbortSignal): Promise<void> {
    await writing('write layout', this.#target, () => moveBlobs(this.#path, this.#target))
    const index = createIndexFile(this.#target, join(this.#target, '.layerpipe-lock'))
    await index.update(async (present) => {
      await mergeManifestFile(join(this.#target, 'manifest.json'), blobs, options)
      return mergeDescriptors(present, namedDescriptors(rootOf(blobs), options.names))
    }, signal)
  }
}

async function blobDirectories(root: string): Promise<readonly string[]> {
  const names = await readdir(join(root, 'blobs')).catch(() => [])
  return names.map((name) => join('blobs', name))
}

async function syncLayout(root: string): Promise<void> {
  for (const directory of [...(await blobDirectories(root)), 'blobs', '.']) await syncDirectory(join(root, directory))
}

async function moveBlobs(from: string, to: string): Promise<void> {
  for (const directory of await blobDirectories(from)) {
    await makeDirectory(join(to, directory))
    for (const name of await readdir(join(from, directory))) {
      await rename(join(from, directory, name), join(to, directory, name))
    }
  }
}

/** Also where it isn't asked for, if it is there: it would go on to say what these names meant before. */
async function mergeManifestFile(path: string, blobs: readonly ImageBlob[], options: LayoutOptions): Promise<void> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw outputProblem('read', path, error) // what it lists would go if it were written anew
  })
  if (bytes === null && !options.docker) return
  const present = bytes === null ? [] : parseDockerManifest(bytes, path)
  await writeDocument(path, mergeDockerManifest(present, dockerImages(blobs, options.names)), 0o644)
}
