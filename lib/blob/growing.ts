import { createResource } from '../graph/resource.js'
import type { Spool } from './spool.js'

/**
 * Tells those further down the graph of blobs that have begun to be written, so that bytes can be on their way before
 * the last of them exists. The blob itself comes through the graph as always, once it is complete.
 */
export interface GrowingBlobs {
  /** `key` is that of the node that writes it. */
  announce(key: string, spool: Spool): void
  /** Hears of every blob announced from now on. Gives what ends that. */
  listen(listener: (key: string, spool: Spool) => void): () => void
}

function createGrowingBlobs(): GrowingBlobs {
  const listeners = new Set<(key: string, spool: Spool) => void>()
  return {
    announce: (key, spool) => {
      for (const listener of listeners) listener(key, spool)
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
}

export const growingBlobs = createResource('growing blobs', createGrowingBlobs)
