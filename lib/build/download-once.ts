import { createReadStream } from 'node:fs'
import type { Blob } from '../blob/blob.js'
import { algorithmOf, type Digest, hexOf } from '../blob/digest.js'
import { createTemporaryFileWriter } from '../blob/file-writer.js'
import type { Context } from '../graph/context.js'
import { layerCache } from '../stages/layer-cache.js'
import { flow } from '../streams/flow.js'
import { type Downloaded, download, downloadedNode } from './download.js'
import type { TreeNode } from './tree.js'

/** What the keys of downloads begin with; others in the same cache are JSON. */
const KIND = 'download 1 '

/** The media type of downloads in a cache. */
export const DOWNLOAD = 'application/octet-stream'

/** Whether a key of a layer cache is that of a download. */
export function isDownload(key: string): boolean {
  return key.startsWith(KIND)
}

/**
 * Fetches what ADD names by a URL, unless the run's cache has it: a checksum says what it is, wherever it comes from.
 * It is kept among the layers, as one whose only time is that of the file.
 */
export async function downloadOnce(url: string, checksum: Digest | null, context: Context): Promise<TreeNode> {
  const path = await context.temporary()
  // Blobs are named by SHA-256.
  const cache = checksum !== null && algorithmOf(checksum) === 'sha256' ? context.resource(layerCache) : null
  if (cache === null || checksum === null)
    return downloadedNode(url, path, await download(url, checksum, path, context))
  const key = `${KIND}${checksum} ${url}`
  const found = await cache.find(key)
  if (found?.blob.descriptor.digest === checksum && (await copied(found.blob, path)))
    return downloadedNode(url, path, {
      size: found.blob.descriptor.size,
      mtime: found.newest ?? 0,
      hex: hexOf(checksum)
    })
  const fresh = await context.temporary()
  const made = await download(url, checksum, fresh, context)
  await cache.remember(key, { blob: blobOf(fresh, checksum, made), diffID: checksum, newest: made.mtime })
  return downloadedNode(url, fresh, made)
}

/** Writes a blob, verified, to a file; says whether that could be done. */
async function copied(blob: Blob, path: string): Promise<boolean> {
  const writer = createTemporaryFileWriter(path)
  try {
    await flow([blob.open(), writer])
    return true
  } catch {
    return false // it is fetched from where it comes from
  }
}

function blobOf(path: string, digest: Digest, { size }: Downloaded): Blob {
  return {
    descriptor: { mediaType: DOWNLOAD, digest, size },
    open: (range) => createReadStream(path, range && { start: range.start, end: range.end - 1 }),
    file: path
  }
}
