import type { ImageEnd, LayerSource } from '../stages/items.js'

/** An image as a build gives it: what is left of a stage when the file systems that it went through are not needed. */
export interface BuiltImage {
  readonly layers: readonly LayerSource[]
  readonly end: ImageEnd
}
