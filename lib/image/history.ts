import type { History, ImageConfigDocument } from './config.js'

/** An image's history, dealt out to its layers. */
export interface LayerHistories {
  /** For each layer, lowest first: its own entry, after those of the empty layers before it. */
  readonly layers: readonly (readonly History[])[]
  /** The empty layers behind the last one. */
  readonly trailing: readonly History[]
}

/**
 * Splits the history of a config. One that does not fit the layers is made to fit, because plenty of images have such:
 * a layer without an entry gets one with the image's date, an entry without a layer becomes one of an empty layer.
 */
export function splitHistory(document: ImageConfigDocument): LayerHistories {
  const layers: History[][] = []
  let steps: History[] = []
  const count = document.rootfs.diff_ids.length
  for (const entry of document.history ?? []) {
    const isEmpty = entry.empty_layer === true || layers.length === count
    steps.push(isEmpty ? { ...entry, empty_layer: true } : entry)
    if (isEmpty) continue
    layers.push(steps)
    steps = []
  }
  const made: History = document.created === undefined ? {} : { created: document.created }
  for (; layers.length < count; steps = []) layers.push([...steps, made])
  return { layers, trailing: steps }
}
