import type { MessagePort } from 'node:worker_threads'

/** What a thread that makes zstd frames is sent. */
export interface ZstdRequest {
  readonly make: 'frames'
  /** The frames' contents, one after another from its start. */
  readonly memory: SharedArrayBuffer
  /** How many bytes of them become each frame. */
  readonly lengths: readonly number[]
  /** zstd's, 1 to 22. */
  readonly level: number
  /**
   * Where the contents have to stay as they are: is sent a message, and closed, once the thread does not look at them
   * any more. Null where the frames may take their place.
   */
  readonly read: MessagePort | null
}

/** What it answers. */
export interface ZstdReply {
  /** The frames, one after another from its start: the request's memory where they may, unless they are longer. */
  readonly memory: ArrayBufferLike
  /** Of each frame. */
  readonly lengths: readonly number[]
}
