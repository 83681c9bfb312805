import type { Context } from '../graph/context.js'
import type { Platform } from '../image/platform.js'
import { openBase } from './base-image.js'
import type { Blueprint } from './blueprint.js'
import type { BuiltImage } from './built-image.js'
import type { ContextTree } from './context-tree.js'
import { endOf, evaluateStage, stateOf } from './evaluate-stage.js'
import type { InputLog } from './input-log.js'
import { openContext } from './open-context.js'
import { createOutside } from './outside.js'
import type { BuildParameters } from './parameters.js'
import type { Evaluation, StageState } from './stage-state.js'

/** Evaluates what a build's platforms need, side by side. The log hears of all that is looked at. */
export async function evaluateImages(
  blueprints: readonly Blueprint[],
  parameters: BuildParameters,
  context: Context,
  log: InputLog
): Promise<readonly Promise<BuiltImage>[]> {
  const files = await openContext(parameters, context, log)
  const images = blueprints.map(async (blueprint): Promise<BuiltImage> => {
    const state = await evaluateTarget(blueprint, files, context, log)
    return { layers: state.layers, end: endOf(state, parameters.labels) }
  })
  for (const image of images) image.catch(() => {}) // told when its turn comes
  return images
}

function evaluateTarget(
  blueprint: Blueprint,
  files: ContextTree | null,
  context: Context,
  log: InputLog
): Promise<StageState> {
  const open = async (name: string, platform: Platform): Promise<StageState> => {
    const base = await openBase(name, platform, context)
    log.open(name, platform, base)
    return stateOf(base)
  }
  const stages = new Map<number, Promise<StageState>>()
  const evaluation: Evaluation = {
    blueprint,
    context,
    files,
    log,
    stage(index) {
      const stage = blueprint.stages[index] ?? blueprint.target
      const evaluated = stages.get(index) ?? evaluateStage(stage, evaluation)
      stages.set(index, evaluated)
      return evaluated
    },
    outside: createOutside(blueprint, open)
  }
  return evaluation.stage(blueprint.target.index)
}
