import { Readable } from 'node:stream'

/**
 * The items of all streams, in the order of the streams. All are read at once, because two of them may hang on one
 * fan-out upstream, where leaving one unread would stop the other; what waits meanwhile are handles, not bytes.
 */
export function concatenate(streams: readonly Readable[]): Readable {
  return Readable.from(inOrder(streams), { objectMode: true })
}

async function* inOrder(streams: readonly Readable[]): AsyncGenerator<unknown> {
  const collected = streams.map((stream) => collect(stream))
  // A rejection is only looked at when its turn comes; until then it must not count as unhandled.
  for (const items of collected) items.catch(() => {})
  try {
    await Promise.all(collected)
    for (const items of collected) yield* await items
  } finally {
    for (const stream of streams) stream.destroy()
  }
}

async function collect(stream: Readable): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of stream) items.push(item)
  return items
}
