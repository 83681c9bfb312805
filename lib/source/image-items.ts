import { splitHistory } from '../image/history.js'
import type { ResolvedImage } from '../image/resolved-image.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'

/** An existing image as a source gives it: its layers with their history, lowest first, and its end. */
export function itemsOf({ document, platform, layers }: ResolvedImage): readonly (LayerSource | ImageEnd)[] {
  const histories = splitHistory(document)
  const { author, created, config = {} } = document
  return [
    ...layers.map((layer, index) => ({ kind: 'stored' as const, layer, history: histories.layers[index] ?? [] })),
    {
      kind: 'image',
      platform,
      config,
      ...(author !== undefined && { author }),
      ...(created !== undefined && { created }),
      history: histories.trailing
    }
  ]
}
