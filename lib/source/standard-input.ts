import type { Readable } from 'node:stream'
import { createResource } from '../graph/resource.js'

/** Where a source of `-` comes from. Standard input, unless a run is given another stream. It can be read once. */
export const standardInput = createResource<Readable & { readonly isTTY?: boolean }>('stdin', () => process.stdin)
