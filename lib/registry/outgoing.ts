import { Readable } from 'node:stream'
import { chain } from '../streams/body.js'
import { countBytes } from '../streams/count.js'
import type { PushedBlob } from './push-blob.js'

/** The bytes of a blob as requests take them. Each counts as progress once, however often it is sent. */
export interface Outgoing {
  /** From `start` up to `end`. */
  part(start: number, end: number): Readable
  /** From `start` for as long as they come, but for the last piece; `passed` is told how far that is, piece by piece. */
  stream(start: number, passed: (position: number) => void): Readable
}

export function createOutgoing({ open }: PushedBlob, progress: (bytes: number) => void): Outgoing {
  let counted = 0
  const reach = (position: number): void => {
    if (position <= counted) return
    progress(position - counted)
    counted = position
  }
  return {
    part(start, end) {
      let at = start
      const count = countBytes((bytes) => {
        at += bytes
        reach(at)
      })
      return chain(open({ start, end }), [count])
    },
    stream: (start, passed) =>
      Readable.from(
        allButLast(open({ start, end: Infinity }), start, (position) => {
          passed(position)
          reach(position)
        })
      )
  }
}

async function* allButLast(
  stream: Readable,
  start: number,
  passed: (position: number) => void
): AsyncGenerator<Buffer> {
  let held: Buffer | null = null
  let at = start
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (held) {
      at += held.length
      passed(at)
      yield held
    }
    held = chunk
  }
}
