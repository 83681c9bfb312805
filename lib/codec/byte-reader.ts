/** Reads exact amounts from a stream of buffers. */
export interface ByteReader {
  /** The next bytes: `length` of them, or fewer where the input ends; copied only if they lie in several buffers. */
  take(length: number): Promise<Buffer>
}

export function createByteReader(input: AsyncIterable<Buffer>): ByteReader {
  const chunks = input[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  return {
    async take(length) {
      const parts = [rest]
      let size = rest.length
      while (size < length) {
        const next = await chunks.next()
        if (next.done) break
        parts.push(next.value)
        size += next.value.length
      }
      const bytes = parts.length === 1 ? rest : Buffer.concat(parts, size)
      rest = bytes.subarray(length)
      return bytes.subarray(0, length)
    }
  }
}
