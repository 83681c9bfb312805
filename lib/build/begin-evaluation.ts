import { askEach, bareFiles, type KnownBareFiles } from '../diff/bare-files.js'
import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { createResource } from '../graph/resource.js'
import type { Blueprint } from './blueprint.js'
import type { PlatformEvaluation } from './evaluate-images.js'
import { createInputLog, type InputLog } from './input-log.js'
import type { BuildParameters } from './parameters.js'

/** A build that is being evaluated, and what it has looked at so far. */
export interface BegunEvaluation {
  readonly log: InputLog
  readonly bare: KnownBareFiles
  readonly platforms: readonly PlatformEvaluation[]
}

/** Begins to evaluate a build. Loads what that takes only now: a build that is recalled does without. */
export async function beginEvaluation(
  blueprints: readonly Blueprint[],
  parameters: BuildParameters,
  context: Context
): Promise<BegunEvaluation> {
  const { evaluateImages } = await import('./evaluate-images.js')
  const log = createInputLog()
  const bare = parameters.context === null ? askEach : await context.resource(bareFiles).recall(parameters.context)
  return { log, bare, platforms: await evaluateImages(blueprints, parameters, context, { log, bare }) }
}

/** As `beginEvaluation`, once for a whole run: for builds whose stages are asked for beside their images. */
export function shareEvaluation(
  blueprints: readonly Blueprint[],
  parameters: BuildParameters,
  context: Context
): Promise<BegunEvaluation> {
  const all = context.resource(evaluations)
  const key = canonicalJson(parameters)
  const begun = all.get(key) ?? beginEvaluation(blueprints, parameters, context)
  all.set(key, begun)
  return begun
}

const evaluations = createResource<Map<string, Promise<BegunEvaluation>>>('evaluations of builds', () => new Map())
