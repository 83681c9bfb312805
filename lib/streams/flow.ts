import pump from 'pump'

/**
 * Runs streams as one pipeline, the way `stream.pipeline` does, and settles when every one of them has closed.
 *
 * The door to `pump`, which alone gives the other streams no reason, calls back before the last one has closed and
 * takes no signal. Takes Node streams, streamx and readable-stream 2 and 3. The first error is the reason that all
 * of them are destroyed with, and the one that the promise rejects with.
 */
export function flow(streams: readonly unknown[], signal?: AbortSignal): Promise<void> {
  const all = streams as readonly AnyStream[]
  let failed = false
  let reason: unknown
  const stop = (why: unknown): void => {
    if (!failed) reason = why
    failed = true
    for (const stream of all) if (!stream.destroyed) stream.destroy(reason)
  }
  // Before pump's own listeners, which would destroy the others without a reason.
  for (const stream of all) stream.on('error', stop)
  const closed = Promise.all(all.filter(willClose).map(closeOf))
  const abort = (): void => stop(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  return new Promise((resolve, reject) => {
    pump([...streams] as pump.Stream[], (error) => {
      signal?.removeEventListener('abort', abort)
      if (error) stop(error)
      void closed.then(() => (failed ? reject(reason) : resolve()))
    })
    if (signal?.aborted) abort()
    const dead = all.find((stream) => stream.destroyed && !failed)
    if (dead) stop(dead.errored ?? new Error('a stream was closed before it could be read'))
  })
}

/** What Node's, streamx's and readable-stream's streams have in common; `instanceof` knows only the first. */
interface AnyStream {
  readonly destroyed: boolean
  readonly closed?: boolean
  readonly errored?: unknown
  readonly _duplexState?: number
  readonly _writableState?: StreamState
  readonly _readableState?: StreamState
  destroy(reason?: unknown): void
  on(event: 'error', listener: (error: unknown) => void): void
  once(event: 'close', listener: () => void): void
}

interface StreamState {
  readonly autoDestroy?: boolean
  readonly emitClose?: boolean
}

/** Streams of old kinds never emit `close`: waiting for theirs would be waiting forever. */
function willClose(stream: AnyStream): boolean {
  if (stream.closed === true) return false
  if (typeof stream._duplexState === 'number') return true
  const state = stream._writableState ?? stream._readableState
  return state?.autoDestroy === true && state.emitClose !== false
}

function closeOf(stream: AnyStream): Promise<void> {
  return new Promise((resolve) => stream.once('close', resolve))
}
