import type { Dockerfile } from '../dockerfile.js'
import type { Finding } from './finding.js'

/** Platforms of FROM that are so anyway, or that make every build one for the same platform. */
export function checkPlatforms({ instructions }: Dockerfile): readonly Finding[] {
  return instructions.flatMap((each) => {
    if (each.kind !== 'FROM' || each.platform === null) return []
    const found = (rule: string, message: string): readonly Finding[] => [
      { rule, message, location: each.statement.location, word: `--platform=${each.platform}` }
    ]
    if (/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(each.platform))
      return found('RedundantTargetPlatform', 'leave it out: this is what FROM takes anyway')
    if (each.platform.includes('$') || each.image === 'scratch') return []
    const advice = 'leave it to whoever builds: with a constant, every image is for this platform'
    return found('FromPlatformFlagConstDisallowed', advice)
  })
}
