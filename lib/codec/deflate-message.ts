/** What a deflate worker is sent. */
export interface DeflateRequest {
  /** Transferred; the members' bytes, one after another from its start. */
  readonly input: ArrayBuffer
  /** How many of them become each member. */
  readonly lengths: readonly number[]
  /** libdeflate's, 1 to 12. */
  readonly level: number
  /** The gzip header to put in the place of the library's. */
  readonly header: Uint8Array
}

/** What it answers: the gzip members, and the request's memory. */
export interface DeflateReply {
  readonly input: ArrayBuffer
  readonly outputs: readonly Uint8Array[]
}
