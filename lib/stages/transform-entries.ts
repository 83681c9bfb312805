import type { Duplex } from 'node:stream'
import type { EntryBatch } from '../diff/entry.js'
import type { Context } from '../graph/context.js'
import { custom, type Work } from '../graph/custom.js'
import type { Json } from '../graph/json.js'
import type { Stage } from '../graph/node.js'
import { mapBody } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { checkEntries } from './check-entries.js'
import type { Changeset, ImageEnd } from './items.js'

/**
 * A stage between `diff` and `pack` that changes entries on their way: filters, renames, rewrites them.
 *
 * `make` is called for each layer and gives a Transform or an async generator over EntryBatches. It keeps the order,
 * which is that of the walk, or that of its tar in a layer that an image came with, gives each path once, below the
 * root, and puts behind each entry as many bytes as its `size` says. A layer that an image came with, or that a cache has,
 * is made anew, since its contents may not be the same any more.
 *
 * @param parameters plain data that names the work, as for `custom`
 */
export function transformEntries<P extends Json>(
  operation: string,
  parameters: P,
  make: (parameters: P, context: Context) => Duplex | Work<EntryBatch, EntryBatch>
): Stage<Changeset | ImageEnd, Changeset | ImageEnd> {
  return custom(
    operation,
    parameters,
    (resolved, context) =>
      async function* (items: AsyncIterable<Changeset | ImageEnd>): AsyncGenerator<Changeset | ImageEnd> {
        const through = (): readonly Duplex[] => {
          const made = make(resolved, context)
          return [typeof made === 'function' ? generate(made) : made, checkEntries(operation)]
        }
        for await (const item of items) {
          if (item.kind === 'image') yield item
          else yield { kind: 'changeset', stored: null, history: item.history, body: mapBody(item.body, through) }
        }
      }
  )
}
