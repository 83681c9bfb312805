import type { Duplex } from 'node:stream'
import type { EntryBatch } from '../diff/entry.js'
import { generate } from '../streams/generate.js'
import type { TarBlock, TarMark } from '../tar/block.js'
import { drawnWithin, type Windows } from './windows.js'

/**
 * TarBlocks in, EntryBatches out: the entries that lie in the windows, which are over the bytes of the tar. Files are
 * cut to what is drawn of them, so that what is packed out of it is a tar again, which every codec takes.
 */
export function sampleTar(windows: Windows): Duplex {
  return generate<TarBlock, EntryBatch>(async function* (blocks) {
    let position = 0
    let current: TarMark | null = null
    for await (const { bytes, marks } of blocks) {
      const batch: EntryBatch[number][] = []
      let at = position
      const drawBodyUntil = (end: number): void => {
        if (current) for (const [from, to] of bodyWithin(windows, current, at, end)) batch.push(piece(from, to))
        at = end
      }
      const piece = (from: number, to: number): Buffer => bytes.subarray(from - position, to - position)
      for (const mark of marks) {
        drawBodyUntil(mark.header)
        current = mark
        const size = drawnSize(windows, mark)
        if (size > 0 || isHeaderDrawn(windows, mark)) batch.push({ ...mark.entry, size })
      }
      drawBodyUntil(position + bytes.length)
      position += bytes.length
      if (batch.length > 0) yield batch
    }
  })
}

/** What is drawn of an entry's body, between two offsets of the tar. */
function bodyWithin(windows: Windows, { entry, body }: TarMark, from: number, to: number) {
  return drawnWithin(windows, Math.max(from, body), Math.min(to, body + entry.size))
}

function drawnSize(windows: Windows, mark: TarMark): number {
  let size = 0
  for (const [from, to] of bodyWithin(windows, mark, 0, Number.POSITIVE_INFINITY)) size += to - from
  return size
}

function isHeaderDrawn(windows: Windows, { header, body }: TarMark): boolean {
  return !drawnWithin(windows, header, body).next().done
}
