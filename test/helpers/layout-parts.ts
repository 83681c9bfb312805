import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { digestOf } from '../../lib/blob/digest.js'
import { layoutFiles } from '../../lib/image/layout-files.js'
import type { ImageBlob } from '../../lib/stages/items.js'
import { member, tarOf } from './tars.js'

/** The files of a layout by their paths, to be damaged and then written as a directory or an archive. */
export type LayoutParts = Map<string, Buffer>

export async function layoutParts(blobs: readonly ImageBlob[], names: readonly string[] = []): Promise<LayoutParts> {
  const parts: LayoutParts = new Map()
  for (const { path, blob } of layoutFiles(blobs, { names, docker: true })) {
    parts.set(path, Buffer.concat(await blob.open().toArray()))
  }
  return parts
}

/** A layout whose index.json leads to one document, which may be anything. */
export function layoutAround(
  document: unknown,
  mediaType: string,
  others: Iterable<[string, Buffer]> = []
): LayoutParts {
  const bytes = Buffer.from(JSON.stringify(document))
  const digest = digestOf(bytes)
  const manifests = [{ mediaType, digest, size: bytes.length }]
  return new Map([
    ['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ['index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))],
    [`blobs/${digest.replace(':', '/')}`, bytes],
    ...others
  ])
}

export async function writeParts(directory: string, parts: LayoutParts): Promise<void> {
  for (const [path, bytes] of parts) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), bytes)
  }
}

export function tarParts(parts: LayoutParts): Buffer {
  return tarOf(...[...parts].map(([name, bytes]) => member({ name }, bytes)))
}
