/** What a deflate worker is sent. */
export interface DeflateRequest {
  /** Transferred; the first `length` bytes are the block. */
  readonly input: ArrayBuffer
  readonly length: number
  /** libdeflate's, 1 to 12. */
  readonly level: number
  /** The gzip header to put in the place of the library's. */
  readonly header: Uint8Array
}

/** What it answers: the gzip member, and the request's memory. */
export interface DeflateReply {
  readonly input: ArrayBuffer
  readonly output: Uint8Array
}
