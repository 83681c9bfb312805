import { createHash } from 'node:crypto'
import type { Duplex, Readable } from 'node:stream'
import { concatenate } from './concatenate.js'
import type { Context } from './context.js'
import { canonicalJson, type Json } from './json.js'

/** Makes the stream of a node. A source gets no inputs, a stage none either (it is piped to), a join all of them. */
export type Open = (context: Context, inputs: readonly Readable[]) => Readable | Duplex

/** The items that come out of one stage. A value: making one opens nothing. Equal `key` means equal work. */
export interface Node<out T> {
  /** Digest of the operation, its resolved parameters and the keys of its inputs. */
  readonly key: string
  /** What a plan calls it: "pack", "compress". */
  readonly operation: string
  readonly parameters: Json
  readonly inputs: readonly Node<unknown>[]
  readonly open: Open
  /** Never set: it carries the type of the items. */
  readonly item?: T
}

/** One step of work: takes the node whose items it consumes and gives the node of those that it makes. */
export type Stage<in I, out O> = (input: Node<I>) => Node<O>

/**
 * A factory of source nodes.
 *
 * `operation` and the parameters are the name of the work, so parameters have to be resolved (defaults filled in)
 * before they get here; whatever must not be part of a name comes from the context. A source that waits for what may
 * never come has to heed the context's signal: a run, also one that is aborted, ends when all its streams have closed.
 */
export function source<P extends Json, O>(
  operation: string,
  open: (parameters: P, context: Context) => Readable
): (parameters: P) => Node<O> {
  return (parameters) => createNode(operation, parameters, [], (context) => open(parameters, context))
}

/** A factory of stages, each of which opens as one object-mode Transform. Parameters as for `source`. */
export function stage<P extends Json, I, O>(
  operation: string,
  open: (parameters: P, context: Context) => Duplex
): (parameters: P) => Stage<I, O> {
  return (parameters) => (input) => createNode(operation, parameters, [input], (context) => open(parameters, context))
}

/** One node over several, whose items come one input after the other. The only node with more than one input. */
export function join<T>(inputs: readonly Node<T>[]): Node<T> {
  const [only] = inputs
  if (inputs.length === 1 && only) return only
  return createNode('join', null, inputs, (_context, streams) => concatenate(streams))
}

function createNode<O>(operation: string, parameters: Json, inputs: readonly Node<unknown>[], open: Open): Node<O> {
  const name = canonicalJson([operation, parameters, inputs.map((input) => input.key)])
  return { key: createHash('sha256').update(name).digest('hex'), operation, parameters, inputs, open }
}
