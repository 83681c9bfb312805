/** What a thread that makes gzip members is sent. */
export interface DeflateRequest {
  readonly make: 'members'
  /** Transferred; the members' bytes, one after another from its start. */
  readonly input: ArrayBuffer
  /** How many of them become each member. */
  readonly lengths: readonly number[]
  /** gzip's, for the members' headers. */
  readonly level: number
  /** libdeflate's, 1 to 12. */
  readonly engineLevel: number
}

/** What it answers: the gzip members, one after another, and the request's memory. */
export interface DeflateReply {
  readonly input: ArrayBuffer
  readonly output: ArrayBufferLike
  /** Of each member. */
  readonly lengths: readonly number[]
}
