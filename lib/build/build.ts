import { Readable } from 'node:stream'
import { digestOf } from '../blob/digest.js'
import type { Context } from '../graph/context.js'
import type { Json } from '../graph/json.js'
import { type Node, source } from '../graph/node.js'
import { parsePlatform } from '../image/platform.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { unusedArguments } from './arguments.js'
import { openBase } from './base-image.js'
import { type Blueprint, drawBlueprint } from './blueprint.js'
import type { ContextTree } from './context-tree.js'
import { refuseRun } from './evaluate-run.js'
import { endOf, evaluateStage, stateOf } from './evaluate-stage.js'
import { executor } from './executor.js'
import { openContext } from './open-context.js'
import { createOutside } from './outside.js'
import type { BuildParameters } from './parameters.js'
import type { Evaluation, StageState } from './stage-state.js'

/**
 * The images that a Dockerfile describes, one for each platform: a source like any other. What can be wrong in the
 * Dockerfile itself is an error here, before there is a run.
 */
export function build(parameters: BuildParameters): Node<LayerSource | ImageEnd> {
  for (const platform of parameters.platforms) drawBlueprint(parameters, parsePlatform(platform))
  const { dockerfile, ...named } = parameters
  const open = (_: unknown, context: Context): Readable => Readable.from(evaluateBuild(parameters, context))
  return source<Json, LayerSource | ImageEnd>('build', open)({ ...named, dockerfile: digestOf(dockerfile) })
}

async function* evaluateBuild(parameters: BuildParameters, context: Context): AsyncGenerator<LayerSource | ImageEnd> {
  for (const image of await evaluateImages(parameters, context)) {
    const { layers, end } = await image
    yield* layers
    yield end
  }
}

/** What is left of a stage when the file systems that it went through are not needed any more. */
interface Image {
  readonly layers: readonly LayerSource[]
  readonly end: ImageEnd
}

async function evaluateImages(parameters: BuildParameters, context: Context): Promise<readonly Promise<Image>[]> {
  const blueprints = parameters.platforms.map((platform) => drawBlueprint(parameters, parsePlatform(platform)))
  if (context.resource(executor) === null) for (const blueprint of blueprints) refuseRun(blueprint)
  noteUnused(blueprints, context)
  const files = await openContext(parameters, context)
  const images = blueprints.map(async (blueprint): Promise<Image> => {
    const state = await evaluateTarget(blueprint, files, context)
    return { layers: state.layers, end: endOf(state, parameters.labels) }
  })
  for (const image of images) image.catch(() => {}) // told when its turn comes
  return images
}

function evaluateTarget(blueprint: Blueprint, files: ContextTree | null, context: Context): Promise<StageState> {
  const stages = new Map<number, Promise<StageState>>()
  const evaluation: Evaluation = {
    blueprint,
    context,
    files,
    stage(index) {
      const stage = blueprint.stages[index] ?? blueprint.target
      const evaluated = stages.get(index) ?? evaluateStage(stage, evaluation)
      stages.set(index, evaluated)
      return evaluated
    },
    outside: createOutside(blueprint, (name, platform) => openBase(name, platform, context).then(stateOf))
  }
  return evaluation.stage(blueprint.target.index)
}

function noteUnused(blueprints: readonly Blueprint[], context: Context): void {
  const [blueprint] = blueprints
  if (!blueprint) return
  const declared = blueprint.dockerfile.instructions.flatMap((each) =>
    each.kind === 'ARG' ? each.assignments.map(({ name }) => name) : []
  )
  const unused = unusedArguments(blueprint.parameters.arguments, new Set(declared))
  if (unused.length > 0) context.note(`build arguments that no ARG takes: ${unused.join(', ')}`)
}
