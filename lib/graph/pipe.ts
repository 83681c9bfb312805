import type { Node, Stage } from './node.js'

/** Sends the items of `head` through the stages, in order. A stage that does not fit the one before doesn't compile. */
export function pipe<A, B>(head: Node<A>, b: Stage<A, B>): Node<B>
export function pipe<A, B, C>(head: Node<A>, b: Stage<A, B>, c: Stage<B, C>): Node<C>
export function pipe<A, B, C, D>(head: Node<A>, b: Stage<A, B>, c: Stage<B, C>, d: Stage<C, D>): Node<D>
export function pipe<A, B, C, D, E>(
  head: Node<A>,
  b: Stage<A, B>,
  c: Stage<B, C>,
  d: Stage<C, D>,
  e: Stage<D, E>
): Node<E>
export function pipe<A, B, C, D, E, F>(
  head: Node<A>,
  b: Stage<A, B>,
  c: Stage<B, C>,
  d: Stage<C, D>,
  e: Stage<D, E>,
  f: Stage<E, F>
): Node<F>
export function pipe<A, B, C, D, E, F, G>(
  head: Node<A>,
  b: Stage<A, B>,
  c: Stage<B, C>,
  d: Stage<C, D>,
  e: Stage<D, E>,
  f: Stage<E, F>,
  g: Stage<F, G>
): Node<G>
export function pipe<A, B, C, D, E, F, G, H>(
  head: Node<A>,
  b: Stage<A, B>,
  c: Stage<B, C>,
  d: Stage<C, D>,
  e: Stage<D, E>,
  f: Stage<E, F>,
  g: Stage<F, G>,
  h: Stage<G, H>
): Node<H>
export function pipe(head: Node<unknown>, ...stages: readonly Stage<never, unknown>[]): Node<unknown> {
  return stages.reduce((node, next) => next(node as Node<never>), head)
}
