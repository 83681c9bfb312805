import { formatPlatform, localPlatform, type Platform, parsePlatform } from '../image/platform.js'

/** The platforms of all `--platform` flags, each of which may name several, in one spelling; `local` is the machine's. */
export function readPlatforms(flags: readonly string[]): readonly string[] {
  const named = flags.flatMap((flag) => flag.split(',')).map((text) => formatPlatform(platformOf(text.trim())))
  return [...new Set(named)]
}

function platformOf(text: string): Platform {
  return text === 'local' ? localPlatform() : parsePlatform(text)
}
