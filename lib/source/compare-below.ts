import { layerSnapshots } from '../diff/layered.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { LayerSource, StoredLayer } from '../stages/items.js'
import { entriesOf } from '../stages/stored.js'
import type { StackedImage } from './stack.js'

/**
 * Takes every snapshot of an image as a full tree, which is compared with what is below it: the layers of the base,
 * merged, for the lowest one, and the tree before it for each that follows. `spool` gives a path for a temporary file.
 */
export async function compareBelow(image: StackedImage, spool: () => Promise<string>): Promise<StackedImage> {
  const stored = image.layers.flatMap((each) => (each.kind === 'stored' ? [each.layer] : []))
  const first = image.layers.some((each) => each.kind === 'snapshot') ? await merge(stored, spool) : null
  let below: Snapshot | null = first
  const layers = image.layers.map((each): LayerSource => {
    if (each.kind === 'stored') return each
    const compared = { ...each, lower: below }
    below = each.upper
    return compared
  })
  return { ...image, layers }
}

async function merge(layers: readonly StoredLayer[], spool: () => Promise<string>): Promise<Snapshot | null> {
  if (layers.length === 0) return null
  return layerSnapshots(openInTurn(layers), { spool, keepWhiteouts: false, subject: 'base' })
}

async function* openInTurn(layers: readonly StoredLayer[]) {
  for (const layer of layers) yield entriesOf(layer).open()
}
