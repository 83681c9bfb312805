import { InputError } from '../errors.js'
import { formatPlatform, normalizePlatform, type Platform, parsePlatform } from './platform.js'
import { choosePlatform } from './platform-choice.js'

/** Which platforms of an image are wanted: all it has, or those named, in their order. */
export type WantedPlatforms = 'all' | readonly string[]

/**
 * Those of `candidates` that are wanted, one for each platform: of several for one platform (the same image in other
 * compressions) the first, as every client takes it. A wanted platform that is not there is an InputError which names
 * those that are.
 */
export function selectPlatforms<T>(
  candidates: readonly T[],
  platformOf: (candidate: T) => Platform | undefined,
  wanted: WantedPlatforms,
  subject: string
): readonly T[] {
  const nameOf = (candidate: T): string => describe(platformOf(candidate))
  if (wanted === 'all') return firstOfEach(candidates, nameOf)
  return wanted.map((text) => {
    const found = choosePlatform(parsePlatform(text), candidates, platformOf)
    if (found !== undefined) return found
    throw new InputError({
      operation: 'choose platform',
      subject,
      expected: text,
      found: [...new Set(candidates.map(nameOf))].join(', ') || 'no image',
      advice: 'ask for one that is there with --platform'
    })
  })
}

function describe(platform: Platform | undefined): string {
  return platform === undefined ? 'unknown' : formatPlatform(normalizePlatform(platform))
}

function firstOfEach<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>()
  return items.filter((item) => seen.size < seen.add(keyOf(item)).size)
}
