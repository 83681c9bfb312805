import { messageOf } from '../errors.js'
import { formatPlatform, type Platform } from '../image/platform.js'
import type { Blueprint } from './blueprint.js'
import { contextName } from './context-name.js'
import { DockerfileError } from './problem.js'
import type { Evaluation, StageState } from './stage-state.js'
import { adviseStage } from './stages.js'

/** Opens what is named outside of the Dockerfile once for each platform; errors point at the instruction that names it. */
export function createOutside(
  { parameters, stages, platform: usual }: Blueprint,
  open: (name: string, platform: Platform) => Promise<StageState>
): Evaluation['outside'] {
  const opened = new Map<string, Promise<StageState>>()
  return async (name, location, platform = usual) => {
    const source = parameters.contexts[contextName(name)] ?? name
    const key = `${formatPlatform(platform)} ${source}`
    const state = opened.get(key) ?? open(source, platform)
    opened.set(key, state)
    return state.catch((cause: unknown) => {
      const advice = adviseStage(name, stages)
      const problem = { operation: 'open image', expected: `${name} to be a stage, a build context or an image` }
      throw new DockerfileError(
        { ...problem, found: messageOf(cause), cause, ...(advice && { advice }) },
        location,
        name
      )
    })
  }
}
