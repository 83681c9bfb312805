import { createResource } from '../graph/resource.js'

/**
 * What a build calls when the trees that it was evaluated with are not needed any more: who runs it may have their
 * memory freed before the layers are compressed, which takes as much again. Does nothing unless a run is given more.
 */
export const freeMemory = createResource<() => void>('free memory', () => () => {})
