import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { refuseDeletingElsewhere } from '../save/delete-guard.js'
import { createOmissions } from '../save/omissions.js'
import { saveImages } from '../save/save-images.js'
import { createStagedTree } from '../save/staged-tree.js'
import { approved } from './approval.js'
import { collectFlatImages, type FlatImageOptions } from './flat-image.js'
import type { Changeset, ImageEnd, Receipt } from './items.js'
import { generateSettled } from './settle.js'

/** How images become a directory. Plain data: it is part of the node's key. */
export type SaveOptions = {
  readonly exporter: 'local'
  /** A directory; made with its parents where it is missing. */
  readonly destination: string
  /** Whether what is in the directory and not in the result stays (`copy`) or goes away (`delete`). */
  readonly mode: 'copy' | 'delete'
  /** Allows `delete` outside the working directory. */
  readonly deleteAnywhere: boolean
} & FlatImageOptions

/**
 * Sink: the merged file systems of images as a directory. One that did not exist appears complete or not at all; into
 * one that did the result is merged, once it is complete, each entry replaced in one step.
 */
export const save: (options: SaveOptions) => Stage<Changeset | ImageEnd, Receipt> = stage('save', openSave)

function openSave(options: SaveOptions, context: Context) {
  return generateSettled<Changeset | ImageEnd, Receipt>(context, async function* (items) {
    const start = performance.now()
    const { exporter, destination } = options
    const removes = options.mode === 'delete'
    if (removes && !options.deleteAnywhere) refuseDeletingElsewhere(destination)
    const images = await collectFlatImages(items, options)
    const omissions = createOmissions()
    const tree = await createStagedTree({ destination, removes, omissions })
    try {
      const { signal, progress } = context
      const copied = context.begin('copying files')
      const bytes = await saveImages(images, tree.path, { destination, omissions, signal, progress })
      await approved(context)
      await tree.commit()
      copied()
      for (const note of omissions.notes()) context.note(note)
      const seconds = (performance.now() - start) / 1000
      yield { exporter, destination, descriptor: null, config: null, names: [], bytes, skipped: [], seconds }
    } finally {
      tree.abandon()
    }
  })
}
