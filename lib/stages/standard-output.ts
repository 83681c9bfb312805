import type { Writable } from 'node:stream'
import { createResource } from '../graph/resource.js'

/** Where a destination of `-` goes. Standard output, unless a run is given another stream. */
export const standardOutput = createResource<Writable & { readonly isTTY?: boolean }>('stdout', () => process.stdout)
