/** What is drawn of a number of bytes: stretches of one length at one distance. */
export interface Windows {
  /** How many bytes it is drawn from. */
  readonly total: number
  readonly count: number
  /** Bytes of each window. */
  readonly length: number
}

/** A window as long as a common zstd frame: what a codec finds close by in all of it, it finds in a part as well. */
const WINDOW = 2 ** 22

/** Few windows would be chance: smaller samples have smaller windows. */
const FEWEST_WINDOWS = 16

/** Spreads a sample of about `size` bytes evenly over `total` bytes: the same one each time. All, where it is as much. */
export function spreadWindows(total: number, size: number): Windows {
  if (size >= total) return { total, count: 1, length: total }
  const count = Math.max(FEWEST_WINDOWS, Math.ceil(size / WINDOW))
  return { total, count, length: Math.floor(size / count) }
}

/** The parts of the bytes from `from` up to `to` that are drawn, in order. */
export function* drawnWithin(windows: Windows, from: number, to: number): Generator<readonly [number, number]> {
  const { total, count, length } = windows
  for (let index = Math.floor((from / total) * count); index < count; index += 1) {
    const start = startOf(windows, index)
    if (start >= to) return
    const [first, last] = [Math.max(from, start), Math.min(to, start + length)]
    if (first < last) yield [first, last]
  }
}

/** In the middle of its share of all bytes. */
function startOf({ total, count, length }: Windows, index: number): number {
  const share = total / count
  return Math.floor(share * index + (share - length) / 2)
}
