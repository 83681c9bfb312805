/** What a thread that makes zstd frames is sent. */
export interface ZstdRequest {
  /** The frames' contents, one after another from its start. */
  readonly memory: SharedArrayBuffer
  /** How many bytes of them become each frame. */
  readonly lengths: readonly number[]
  /** zstd's, 1 to 22. */
  readonly level: number
}

/** What it answers. */
export interface ZstdReply {
  /** The frames, one after another from its start: the request's memory, unless they are longer than that. */
  readonly memory: SharedArrayBuffer
  /** Of each frame. */
  readonly lengths: readonly number[]
}
