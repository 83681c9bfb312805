/** Something with a size, to be shown as an area. */
export interface Sized {
  readonly size: number
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** An item and its area. */
export interface Tile<T> extends Rectangle {
  readonly item: T
}

/**
 * Fills a rectangle with one for each item, whose areas are as the items' sizes, as near to squares as can be
 * (Bruls, Huizing and van Wijk, "Squarified Treemaps", 2000). Items without a size are left out.
 */
export function squarify<T extends Sized>(items: readonly T[], area: Rectangle): readonly Tile<T>[] {
  const sorted = items.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size)
  let rest = area
  let left = sumOf(sorted)
  const tiles: Tile<T>[] = []
  for (let at = 0; at < sorted.length; ) {
    const row = takeRow(sorted, at, rest, left)
    const share = sumOf(row) / left
    tiles.push(...layRow(row, rest, share))
    rest = cutOff(rest, share)
    left -= sumOf(row)
    at += row.length
  }
  return tiles
}

/** As many of the next items as make the row's tiles squarer. */
function takeRow<T extends Sized>(items: readonly T[], from: number, area: Rectangle, left: number): readonly T[] {
  const scale = (area.width * area.height) / left
  const side = Math.min(area.width, area.height)
  let count = 1
  let sum = items[from]?.size ?? 0
  for (let worst = worstRatio(items, from, 1, sum, side, scale); from + count < items.length; count += 1) {
    const next = sum + (items[from + count]?.size ?? 0)
    const ratio = worstRatio(items, from, count + 1, next, side, scale)
    if (ratio > worst) break
    worst = ratio
    sum = next
  }
  return items.slice(from, from + count)
}

/** Of the largest and the smallest of a row: how much longer than wide. */
function worstRatio<T extends Sized>(
  items: readonly T[],
  from: number,
  count: number,
  sum: number,
  side: number,
  scale: number
): number {
  const thickness = (sum * scale) / side
  const lengths = [items[from], items[from + count - 1]].map((item) => ((item?.size ?? 0) * scale) / thickness)
  return Math.max(...lengths.map((length) => Math.max(length / thickness, thickness / length)))
}

function layRow<T extends Sized>(row: readonly T[], area: Rectangle, share: number): readonly Tile<T>[] {
  const wide = area.width >= area.height
  const total = sumOf(row)
  let offset = 0
  return row.map((item) => {
    const from = offset
    const part = item.size / total
    offset += part
    return wide
      ? { item, x: area.x, y: area.y + from * area.height, width: area.width * share, height: area.height * part }
      : { item, x: area.x + from * area.width, y: area.y, width: area.width * part, height: area.height * share }
  })
}

function cutOff({ x, y, width, height }: Rectangle, share: number): Rectangle {
  return width >= height
    ? { x: x + width * share, y, width: width * (1 - share), height }
    : { x, y: y + height * share, width, height: height * (1 - share) }
}

function sumOf(items: readonly Sized[]): number {
  return items.reduce((sum, { size }) => sum + size, 0)
}
