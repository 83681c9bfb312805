import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { collectExported } from './collect-image.js'
import type { ImageBlob, Receipt } from './items.js'
import { generateSettled } from './settle.js'
import { createTally } from './tally.js'

/** How blobs become a directory. Plain data: it is part of the node's key. */
export type LayoutOptions = {
  /** `docker` adds the manifest.json that `docker load` reads. */
  readonly exporter: 'oci' | 'docker'
  /** A directory. */
  readonly destination: string
  /** Full, as `formatReference` spells them. */
  readonly names: readonly string[]
}

/**
 * Sink: an image as an OCI layout directory, with the very files of the archive. A layout that is there already keeps
 * its other images, also those that others add meanwhile.
 */
export const layout: (options: LayoutOptions) => Stage<ImageBlob, Receipt> = stage('layout', openLayout)

function openLayout(options: LayoutOptions, context: Context) {
  return generateSettled<ImageBlob, Receipt>(context, async function* (items) {
    const start = performance.now()
    const { exporter, destination, names } = options
    const { createLayoutStaging } = await import('../blob/layout-staging.js') // which archives don't need
    const staging = await createLayoutStaging(destination)
    try {
      const tally = createTally(context)
      const { blobs, facts } = await collectExported(tally.addEach(items, staging), context)
      await staging.commit(blobs, { names, docker: exporter === 'docker' }, context.signal)
      for (const name of names) context.begin(`naming to ${name}`)()
      const { bytes, skipped } = tally
      const seconds = (performance.now() - start) / 1000
      yield { exporter, destination, ...facts, names, bytes, skipped, seconds }
    } finally {
      await staging.abandon()
    }
  })
}
