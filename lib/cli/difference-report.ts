import type { TreeDifference } from '../diff/compare-trees.js'
import { printable, textOf } from '../streams/bytes.js'
import { formatBytes } from './units.js'

/** Differences in the order asked for: by path, or what changed the size most first. */
export function sortDifferences(
  differences: readonly TreeDifference[],
  order: 'path' | 'size'
): readonly TreeDifference[] {
  return order === 'path' ? differences : differences.toSorted((a, b) => Math.abs(growth(b)) - Math.abs(growth(a)))
}

/** A line for each difference, and one for them all. */
export function differencesAsText(differences: readonly TreeDifference[]): string {
  const lines = differences.map((each) => {
    const aspects = each.aspects.length > 0 ? ` (${each.aspects.join(', ')})` : ''
    return `${LETTERS[each.kind]} ${signed(growth(each)).padStart(9)} ${printable(each.path)}${aspects}\n`
  })
  return `${lines.join('')}${totals(differences)}\n`
}

/** The same for programs. Names that are not UTF-8 have replacement characters. */
export function differencesAsJson(differences: readonly TreeDifference[]): string {
  const plain = differences.map(({ path, ...rest }) => ({ path: textOf(path), ...rest }))
  return `${JSON.stringify(plain, null, 2)}\n`
}

function growth({ before, after }: TreeDifference): number {
  return after - before
}

function totals(differences: readonly TreeDifference[]): string {
  if (differences.length === 0) return 'no differences'
  const parts = KINDS.flatMap((kind) => {
    const those = differences.filter((each) => each.kind === kind)
    if (those.length === 0) return []
    return [`${those.length} ${kind}, ${signed(those.reduce((sum, each) => sum + growth(each), 0))}`]
  })
  return parts.join('; ')
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${formatBytes(Math.abs(bytes))}`
}

const KINDS = ['added', 'changed', 'deleted'] as const
const LETTERS = { added: 'A', changed: 'C', deleted: 'D' } as const
