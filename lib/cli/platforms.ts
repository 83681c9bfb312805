import { formatPlatform, parsePlatform } from '../image/platform.js'

/** The platforms of all `--platform` flags, each of which may name several, in one spelling. */
export function readPlatforms(flags: readonly string[]): readonly string[] {
  const named = flags.flatMap((flag) => flag.split(',')).map((text) => formatPlatform(parsePlatform(text.trim())))
  return [...new Set(named)]
}
