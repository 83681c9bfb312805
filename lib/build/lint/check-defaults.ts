import { localPlatform } from '../../image/platform.js'
import { globalArguments, platformArguments } from '../arguments.js'
import { expandIn } from '../blueprint.js'
import type { Dockerfile } from '../dockerfile.js'
import type { From } from '../instruction.js'
import { DockerfileError } from '../problem.js'
import { globalInstructions } from '../stages.js'
import type { Finding } from './finding.js'

/** Images that are nothing unless a build argument is given. */
export function checkDefaults(dockerfile: Dockerfile): readonly Finding[] {
  return dockerfile.instructions.flatMap((each) => {
    if (each.kind !== 'FROM' || imageOf(each, dockerfile) !== '') return []
    const message = 'give the ARG before the first FROM a default: without a --build-arg, the image has no name'
    return [{ rule: 'InvalidDefaultArgInFrom', message, location: each.statement.location, word: each.image }]
  })
}

/** The name of the image without any build arguments; null where the Dockerfile itself demands one. */
function imageOf(from: From, dockerfile: Dockerfile): string | null {
  const platform = localPlatform()
  try {
    const initial = platformArguments(platform, platform, 'default', {})
    const globals = globalArguments(globalInstructions(dockerfile), initial, {}, (word, arg, known) =>
      expandIn(arg, known, word)
    )
    return expandIn(from, globals, from.image)
  } catch (error) {
    if (error instanceof DockerfileError) return null
    throw error
  }
}
