import { Readable } from 'node:stream'
import { digestOf } from '../blob/digest.js'
import type { Context } from '../graph/context.js'
import type { Json } from '../graph/json.js'
import { type Node, source } from '../graph/node.js'
import { parsePlatform } from '../image/platform.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { unusedArguments } from './arguments.js'
import { beginEvaluation, shareEvaluation } from './begin-evaluation.js'
import { type Blueprint, drawBlueprint } from './blueprint.js'
import type { BuiltImage } from './built-image.js'
import { findEarlierBuild } from './earlier-build.js'
import { refuseRun } from './evaluate-run.js'
import { executor } from './executor.js'
import { freeMemory } from './free-memory.js'
import type { BuildParameters } from './parameters.js'

/**
 * The images that a Dockerfile describes, one for each platform: a source like any other. What can be wrong in the
 * Dockerfile itself is an error here, before there is a run. `stages` says that `buildStages` is part of the run, too.
 */
export function build(parameters: BuildParameters, { stages = false } = {}): Node<LayerSource | ImageEnd> {
  for (const platform of parameters.platforms) drawBlueprint(parameters, parsePlatform(platform))
  const begin = stages ? shareEvaluation : beginEvaluation
  const open = (_: unknown, context: Context): Readable => Readable.from(evaluateBuild(parameters, begin, context))
  return source<Json, LayerSource | ImageEnd>('build', open)(namesOf(parameters))
}

/**
 * The layers of the stages that a build's images need and that are not in them, each once, as images: what is worth keeping for a build that needs more of these stages.
 */
export function buildStages(parameters: BuildParameters): Node<LayerSource | ImageEnd> {
  const open = (_: unknown, context: Context): Readable => Readable.from(evaluateStages(parameters, context))
  return source<Json, LayerSource | ImageEnd>('build stages', open)(namesOf(parameters))
}

function namesOf({ dockerfile, ...named }: BuildParameters): Json {
  return { ...named, dockerfile: digestOf(dockerfile) }
}

async function* evaluateBuild(
  parameters: BuildParameters,
  begin: typeof beginEvaluation,
  context: Context
): AsyncGenerator<LayerSource | ImageEnd> {
  const blueprints = drawBlueprints(parameters, context)
  noteUnused(blueprints, context)
  const earlier = await findEarlierBuild(parameters, context)
  const recalled = await earlier?.recall(async () => {
    const { platforms } = await begin(blueprints, parameters, context)
    return Promise.all(platforms.map((each) => each.image()))
  })
  if (recalled) return yield* itemsOf(recalled)
  const { log, bare, images } = await beginImages(blueprints, parameters, begin, context)
  yield* itemsOf(images, context.resource(freeMemory))
  await bare.keep()
  await earlier?.remember(log, await Promise.all(images))
}

/** Only the images stay: the trees that they come from take more memory than all else. */
async function beginImages(
  blueprints: readonly Blueprint[],
  parameters: BuildParameters,
  begin: typeof beginEvaluation,
  context: Context
) {
  const { log, bare, platforms } = await begin(blueprints, parameters, context)
  const images = platforms.map((each) => each.image())
  for (const image of images) image.catch(() => {}) // told when its turn comes
  return { log, bare, images }
}

async function* itemsOf(
  images: Iterable<BuiltImage | Promise<BuiltImage>>,
  onImage: () => void = () => {}
): AsyncGenerator<LayerSource | ImageEnd, void> {
  for await (const { layers, end } of images) {
    onImage()
    yield* layers
    yield end
  }
}

async function* evaluateStages(parameters: BuildParameters, context: Context): AsyncGenerator<LayerSource | ImageEnd> {
  const { platforms } = await shareEvaluation(drawBlueprints(parameters, context), parameters, context)
  const images = await Promise.all(platforms.map((each) => each.image()))
  const known = new Set(images.flatMap(({ layers }) => layers.map(keyOf)))
  for (const { stages } of platforms) {
    for (const { layers, end } of await stages()) {
      const own = layers.filter((layer) => layer.kind === 'snapshot' && !known.has(keyOf(layer)))
      for (const layer of own) known.add(keyOf(layer))
      yield* own
      yield { ...end, history: [] }
    }
  }
}

function keyOf(layer: LayerSource): string | undefined {
  return layer.kind === 'snapshot' ? layer.key : undefined
}

function drawBlueprints(parameters: BuildParameters, context: Context): readonly Blueprint[] {
  const blueprints = parameters.platforms.map((platform) => drawBlueprint(parameters, parsePlatform(platform)))
  if (context.resource(executor) === null) for (const blueprint of blueprints) refuseRun(blueprint)
  return blueprints
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
