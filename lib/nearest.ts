import { distance } from 'fastest-levenshtein'

/**
 * The candidate that `word` was probably meant to be, or null where none is close: a third of the letters,
 * rounded up, and never more than three, may differ; letters that changed places count as one. Case does not count.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const limit = Math.min(3, Math.ceil(word.length / 3))
  let best: string | null = null
  let least = limit + 1
  for (const candidate of candidates) {
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase())
    if (edits < least) {
      best = candidate
      least = edits
    }
  }
  return best
}

function editsBetween(word: string, candidate: string): number {
  const edits = distance(word, candidate)
  return edits === 2 && lettersOf(word) === lettersOf(candidate) ? 1 : edits
}

function lettersOf(word: string): string {
  return [...word].sort().join('')
}
