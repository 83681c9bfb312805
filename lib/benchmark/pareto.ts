/** A setting as a point: less of both is better. */
export interface Costs {
  /** Bytes. */
  readonly size: number
  readonly seconds: number
}

/** Of each point, whether no other is at least as good in both and better in one. */
export function findParetoFront(points: readonly Costs[]): readonly boolean[] {
  return points.map((point) => !points.some((other) => dominates(other, point)))
}

function dominates(one: Costs, other: Costs): boolean {
  if (one.size > other.size || one.seconds > other.seconds) return false
  return one.size < other.size || one.seconds < other.seconds
}
