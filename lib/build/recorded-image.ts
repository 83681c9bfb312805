import type { Snapshot } from '../diff/snapshot.js'
import { InputError } from '../errors.js'
import type { History } from '../image/config.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import type { Base } from './base-image.js'
import type { BuiltImage } from './built-image.js'
import { createPromisedSnapshot } from './promised-snapshot.js'

/** A built image as a record has it: its layers by what they are made of. */
export interface RecordedImage {
  readonly layers: readonly RecordedLayer[]
  readonly end: ImageEnd
}

/** One that the build made, or one of an image from outside, by both indexes. */
export type RecordedLayer =
  | {
      readonly kind: 'made'
      readonly key: string
      readonly name: string | null
      readonly history: readonly History[]
    }
  | { readonly kind: 'base'; readonly base: number; readonly layer: number }

type Bases = readonly Pick<Base, 'layers'>[]

/** Null where a layer is not known by what it is made of. */
export function recordImage({ layers, end }: BuiltImage, bases: Bases): RecordedImage | null {
  const recorded = layers.flatMap((layer) => recordLayer(layer, bases) ?? [])
  return recorded.length === layers.length ? { layers: recorded, end } : null
}

function recordLayer(layer: LayerSource, bases: Bases): RecordedLayer | null {
  if (layer.kind === 'snapshot') {
    const { key, name = null, history, lower } = layer
    return key === undefined || lower !== null ? null : { kind: 'made', key, name, history }
  }
  const base = bases.findIndex(({ layers }) => layers.includes(layer))
  return base < 0 ? null : { kind: 'base', base, layer: bases[base]?.layers.indexOf(layer) ?? 0 }
}

/**
 * The image that a record is of. `evaluate` makes the same image anew: it is asked when somebody looks into a layer, and
 * has to come to the same.
 */
export function recallImage(
  { layers, end }: RecordedImage,
  bases: Bases,
  evaluate: () => Promise<BuiltImage | null>
): BuiltImage | null {
  const recalled = layers.flatMap((layer, index): readonly LayerSource[] => {
    if (layer.kind === 'base') return bases[layer.base]?.layers.slice(layer.layer, layer.layer + 1) ?? []
    const { key, name, history } = layer
    const upper = createPromisedSnapshot(async () => snapshotOf((await evaluate())?.layers[index], key))
    return [{ kind: 'snapshot', lower: null, upper, history, key, ...(name !== null && { name }) }]
  })
  return recalled.length === layers.length ? { layers: recalled, end } : null
}

function snapshotOf(layer: LayerSource | undefined, key: string): Snapshot {
  if (layer?.kind === 'snapshot' && layer.key === key) return layer.upper
  throw new InputError({
    operation: 'build image',
    subject: 'a layer',
    expected: 'the files that were there when the build began',
    found: 'others',
    advice: 'the build context changed meanwhile; try again when nobody writes to it'
  })
}
