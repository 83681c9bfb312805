/** What a thread that compresses small contents is sent. */
export interface SmallFramesRequest {
  /** Transferred; the contents, one after another from its start. */
  readonly input: ArrayBuffer
  /** How many bytes of them become each frame. */
  readonly lengths: readonly number[]
  /** The library's, 1 to 22. */
  readonly level: number
}

/** What it answers: the frames, one after another, and the request's memory. */
export interface SmallFramesReply {
  readonly input: ArrayBuffer
  readonly output: ArrayBuffer
  /** Of each frame. */
  readonly lengths: readonly number[]
}
