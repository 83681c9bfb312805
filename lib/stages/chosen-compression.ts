import type { Descriptor } from '../blob/descriptor.js'
import type { Receipt } from './items.js'

/** The annotation of a layer's descriptor that says which setting it was compressed with: "zstd:9". */
export const CHOSEN_COMPRESSION = 'dev.layerpipe.compression'

/** What a receipt says of the choices that were made for some layers; nothing where there were none. */
export function chosenFor(layers: readonly Descriptor[]): Pick<Receipt, 'chosen'> {
  const chosen = layers.flatMap(({ digest, annotations }) => {
    const setting = annotations?.[CHOSEN_COMPRESSION]
    return setting === undefined ? [] : [[digest, setting] as const]
  })
  return chosen.length > 0 ? { chosen: Object.fromEntries(chosen) } : {}
}
