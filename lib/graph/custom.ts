import type { Duplex } from 'node:stream'
import { generate } from '../streams/generate.js'
import type { Context } from './context.js'
import type { Json } from './json.js'
import { type Stage, stage } from './node.js'

/** An async generator over the items that come in. */
export type Work<I, O> = (items: AsyncIterable<I>) => AsyncIterable<O>

/**
 * Turns a Transform (object mode) or an async generator of your own into a stage.
 *
 * @param operation what plans call it
 * @param parameters plain data that names the work: equal operations with equal parameters run once. What the code
 *   does besides has to be in them too, as a version for example.
 * @param make called once per run; gives a fresh Transform, or a generator function
 *
 * @example
 * const last = custom('last layers', { count: 1 }, ({ count }) => async function* (items) { … })
 */
export function custom<I, O, P extends Json>(
  operation: string,
  parameters: P,
  make: (parameters: P, context: Context) => Duplex | Work<I, O>
): Stage<I, O> {
  return stage<P, I, O>(operation, (resolved, context) => {
    const made = make(resolved, context)
    return typeof made === 'function' ? generate(made) : made
  })(parameters)
}
