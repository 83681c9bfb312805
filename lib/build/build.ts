import { Readable } from 'node:stream'
import { digestOf } from '../blob/digest.js'
import type { Context } from '../graph/context.js'
import type { Json } from '../graph/json.js'
import { type Node, source } from '../graph/node.js'
import { parsePlatform } from '../image/platform.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { unusedArguments } from './arguments.js'
import { type Blueprint, drawBlueprint } from './blueprint.js'
import type { BuiltImage } from './built-image.js'
import { findEarlierBuild } from './earlier-build.js'
import { refuseRun } from './evaluate-run.js'
import { executor } from './executor.js'
import { createInputLog, type InputLog } from './input-log.js'
import type { BuildParameters } from './parameters.js'

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
  const blueprints = parameters.platforms.map((platform) => drawBlueprint(parameters, parsePlatform(platform)))
  if (context.resource(executor) === null) for (const blueprint of blueprints) refuseRun(blueprint)
  noteUnused(blueprints, context)
  const evaluate = async (log: InputLog): Promise<readonly Promise<BuiltImage>[]> => {
    const { evaluateImages } = await import('./evaluate-images.js') // which what is recalled does not need
    return evaluateImages(blueprints, parameters, context, log)
  }
  const earlier = await findEarlierBuild(parameters, context)
  const recalled = await earlier?.recall(async () => Promise.all(await evaluate(createInputLog())))
  const log = createInputLog()
  const images: BuiltImage[] = []
  for (const each of recalled ?? (await evaluate(log))) {
    const image = await each
    images.push(image)
    yield* image.layers
    yield image.end
  }
  if (!recalled) await earlier?.remember(log, images)
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
