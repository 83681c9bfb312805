import type { PassThrough, Writable } from 'node:stream'
import { type Body, forkBody } from '../streams/body.js'
import { createTee } from '../streams/tee.js'

/**
 * A tee for items: every branch gets each item. Of an item that carries a body, every branch gets a body of its own,
 * read in lockstep; those of a branch that died are discarded, so that the others need not wait for it.
 */
export function createItemTee(branches: readonly PassThrough[]): Writable {
  const given = branches.map(() => new Set<Body>())
  branches.forEach((branch, index) => {
    branch.once('close', () => {
      if (branch.errored) for (const body of given[index] ?? []) body.discard()
    })
  })
  return createTee<unknown>(branches, (item) => {
    if (!carriesBody(item)) return branches.map(() => item)
    return forkBody(item.body, branches.length).map((body, index) => {
      if (branches[index]?.destroyed) body.discard()
      else given[index]?.add(body)
      return { ...item, body }
    })
  })
}

function carriesBody(item: unknown): item is { readonly body: Body } {
  return typeof item === 'object' && item !== null && 'body' in item
}
