import { normalizePlatform, type Platform, samePlatform } from './platform.js'

/**
 * Of `candidates`, the one for `wanted`: the same platform, else the best one that runs on it (a lower variant, then
 * the 32 bits of the same family), in the order of containerd's platforms package. Among equals the first wins.
 */
export function choosePlatform<T>(
  wanted: Platform,
  candidates: readonly T[],
  platformOf: (candidate: T) => Platform | undefined
): T | undefined {
  for (const platform of compatiblePlatforms(wanted)) {
    const found = candidates.find((candidate) => {
      const offered = platformOf(candidate)
      return offered !== undefined && samePlatform(platform, offered)
    })
    if (found !== undefined) return found
  }
  return undefined
}

/** All that runs on `platform`, the platform itself first, the best next. */
export function compatiblePlatforms(platform: Platform): readonly Platform[] {
  const { variant, ...normal } = normalizePlatform(platform)
  const of = (architecture: string, variants: readonly string[]): Platform[] =>
    variants.map((each) => ({ ...normal, architecture, ...(each && { variant: each }) }))
  switch (normal.architecture) {
    case 'amd64':
      return [...of('amd64', [...downFrom(variant ?? 'v1', 2), '']), ...of('386', [''])]
    case 'arm64':
      return [...of('arm64', variant ? [variant, ''] : ['']), ...of('arm', ['v8', 'v7', 'v6', 'v5'])]
    case 'arm':
      return of('arm', downFrom(variant ?? 'v7', 5))
    default:
      return of(normal.architecture, [variant ?? ''])
  }
}

/** `v4`, `v3`, … down to `lowest`; nothing when it starts below, and a name of another kind by itself. */
function downFrom(variant: string, lowest: number): string[] {
  if (!/^v\d$/.test(variant)) return [variant]
  const level = Number(variant.slice(1))
  return Array.from({ length: Math.max(0, level - lowest + 1) }, (_, index) => `v${level - index}`)
}
