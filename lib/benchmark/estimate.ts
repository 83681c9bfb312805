/** How long all layers are estimated to take. */
export interface Transfer {
  /** Bits per second. */
  readonly bandwidth: number
  readonly pushSeconds: number
  readonly pullSeconds: number
}

/** What a transfer's length depends on. */
export interface TransferFacts {
  /** Bytes of all layer tars. */
  readonly tarSize: number
  /** Bytes of all layers, compressed. */
  readonly size: number
  /** Bytes of layer tar per second. */
  readonly compressionSpeed: number
  readonly decompressionSpeed: number
}

/**
 * How long a push and a pull would take. A push sends a layer while it is compressed, so the slower of the two is what
 * counts; an engine that pulls has the whole layer before it decompresses it, so both count. Nothing of an image that
 * is there already, latency, and what unpacking costs besides decompression are left out: they are the same for all.
 *
 * @param bandwidth bits per second
 */
export function estimateTransfer(facts: TransferFacts, bandwidth: number): Transfer {
  const sending = (facts.size * 8) / bandwidth
  return {
    bandwidth,
    pushSeconds: Math.max(sending, facts.tarSize / facts.compressionSpeed),
    pullSeconds: sending + facts.tarSize / facts.decompressionSpeed
  }
}
