import type { Context } from '../graph/context.js'
import type { Platform } from '../image/platform.js'
import { openBase } from './base-image.js'
import type { Blueprint } from './blueprint.js'
import type { BuiltImage } from './built-image.js'
import type { ContextTree } from './context-tree.js'
import { endOf, evaluateStage, stateOf } from './evaluate-stage.js'
import type { InputLog } from './input-log.js'
import type { Knowledge } from './knowledge.js'
import { openContext } from './open-context.js'
import { createOutside } from './outside.js'
import type { BuildParameters } from './parameters.js'
import type { Evaluation, StageState } from './stage-state.js'

/** What a build comes to for one platform. Both begin to be evaluated when they are asked for. */
export interface PlatformEvaluation {
  image(): Promise<BuiltImage>
  /** The stages that the image needs besides its own, as images, in the order of the Dockerfile. */
  stages(): Promise<readonly BuiltImage[]>
}

/** Evaluates what a build's platforms need, each stage once. */
export async function evaluateImages(
  blueprints: readonly Blueprint[],
  parameters: BuildParameters,
  context: Context,
  knowledge: Knowledge
): Promise<readonly PlatformEvaluation[]> {
  const files = await openContext(parameters, context, knowledge)
  return blueprints.map((blueprint): PlatformEvaluation => {
    const { target, needed } = blueprint
    const evaluation = beginEvaluation(blueprint, files, context, knowledge.log)
    const imageOf = async (index: number): Promise<BuiltImage> => {
      const state = await evaluation.stage(index)
      return { layers: state.layers, end: endOf(state, index === target.index ? parameters.labels : {}) }
    }
    return {
      image: () => imageOf(target.index),
      stages: () =>
        Promise.all(
          [...needed]
            .filter((index) => index !== target.index)
            .sort(ascending)
            .map(imageOf)
        )
    }
  })
}

function ascending(left: number, right: number): number {
  return left - right
}

function beginEvaluation(blueprint: Blueprint, files: ContextTree | null, context: Context, log: InputLog): Evaluation {
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
  return evaluation
}
