import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { layoutFiles } from '../image/layout-files.js'
import { archiveFiles, archiveSize, describeArchive } from '../tar/archive.js'
import { collectExported } from './collect-image.js'
import { deliver, refuseTerminal } from './deliver.js'
import type { ImageBlob, Receipt } from './items.js'
import { generateSettled } from './settle.js'
import { sendOnce } from './written-files.js'

/** How blobs become an archive. Plain data: it is part of the node's key. */
export type ArchiveOptions = {
  /** `docker` adds the manifest.json that `docker load` reads. */
  readonly exporter: 'oci' | 'docker'
  /** A file, or `-` for standard output. */
  readonly destination: string
  /** Full, as `formatReference` spells them. */
  readonly names: readonly string[]
}

/**
 * Sink: an image as one tar, an OCI layout with all its blobs. Several platforms are one index for readers of OCI
 * layouts, and for `docker load` the image of this machine's platform.
 */
export const archive: (options: ArchiveOptions) => Stage<ImageBlob, Receipt> = stage('archive', openArchive)

function openArchive(options: ArchiveOptions, context: Context) {
  return generateSettled<ImageBlob, Receipt>(context, async function* (items) {
    const start = performance.now()
    refuseTerminal(options, context)
    const image = await collectExported(items, context)
    const files = layoutFiles(image.blobs, { names: options.names, docker: options.exporter === 'docker' })
    const size = archiveSize(files)
    const bytes = await sendOnce(describeArchive(files), size, options, context, () =>
      deliver(() => [archiveFiles(files, { givesBack: true })], options, context, size)
    )
    for (const name of options.names) context.begin(`naming to ${name}`)()
    const { exporter, destination, names } = options
    const { facts } = image
    const seconds = (performance.now() - start) / 1000
    yield { exporter, destination, ...facts, names, bytes, skipped: [], seconds }
  })
}
