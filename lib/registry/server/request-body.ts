import type { Readable } from 'node:stream'

/** The pieces of a request's body. Who stops before its end leaves the connection whole, so that it can be answered. */
export function chunksOf(body: Readable): AsyncIterable<Buffer> {
  return body.iterator({ destroyOnReturn: false })
}
