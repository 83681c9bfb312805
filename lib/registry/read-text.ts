import type { Readable } from 'node:stream'

/** The text of a body, up to `largest` bytes; the rest is not read. */
export async function readText(body: Readable, largest: number): Promise<string> {
  return (await readBytes(body, largest)).toString()
}

/** The bytes of a body, at most `largest` and those of the chunk that went over it; the rest is not read. */
export async function readBytes(body: Readable, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > largest) break
  }
  return Buffer.concat(chunks)
}
