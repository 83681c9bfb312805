import type { ByteString } from '../streams/bytes.js'

/** Texts by row and column, held in two buffers. */
export interface TextTable {
  get(row: number, column: number): ByteString
}

/** @param textOf is asked for each text twice */
export function createTextTable(
  rows: number,
  columns: number,
  textOf: (row: number, column: number) => ByteString
): TextTable {
  const ends = new Uint32Array(rows * columns)
  let end = 0
  for (let at = 0; at < ends.length; at += 1) {
    end += textOf(Math.floor(at / columns), at % columns).length
    ends[at] = end
  }
  const bytes = Buffer.allocUnsafeSlow(end)
  for (let at = 0; at < ends.length; at += 1)
    bytes.write(textOf(Math.floor(at / columns), at % columns), startOf(ends, at), 'latin1')
  return {
    get(row, column) {
      const at = row * columns + column
      const [start, stop] = [startOf(ends, at), ends[at] ?? 0]
      return start === stop ? '' : bytes.toString('latin1', start, stop)
    }
  }
}

function startOf(ends: Uint32Array, at: number): number {
  return at === 0 ? 0 : (ends[at - 1] ?? 0)
}
