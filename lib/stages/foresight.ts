import { createResource } from '../graph/resource.js'

/**
 * Whether a run may walk what it reads a second time, so that its progress tells how much there is to come. Not by
 * default: it costs a look at every path.
 */
export const foresight = createResource<boolean>('foresight', () => false)
