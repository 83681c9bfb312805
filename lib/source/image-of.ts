import { type Context, join, type Node, pipe, type Stage, stage } from '../graph/index.js'
import type { ContainerConfig } from '../image/config.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { generate } from '../streams/generate.js'
import { type SourceImages, type StackedImage, stackImages } from './stack.js'

/** How sources become one image, or one for each platform. */
export type ImageRequest = {
  /** Of sources that have none of their own, as in `linux/arm64`; none means this machine's. */
  readonly platforms: readonly string[]
  /** Dockerfile instructions that change the config, in their order. */
  readonly changes: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Whether directories and tars are full trees, of which only what differs from the layers below is written. */
  readonly diff: boolean
}

/**
 * Stacks sources: the layers of all of them, in order, and one end with the configs merged and the request applied.
 * Where a source has images for several platforms, there is one stack for each, and sources without a platform (a
 * directory, a tar) are in all of them.
 */
export function imageOf(
  sources: readonly Node<LayerSource | ImageEnd>[],
  request: ImageRequest
): Node<LayerSource | ImageEnd> {
  const [only] = sources
  if (sources.length === 1 && only) return pipe(only, configure(request))
  return pipe(join(sources.map((source, index) => pipe(source, numbered({ index })))), stack(request))
}

interface Numbered {
  readonly index: number
  readonly item: LayerSource | ImageEnd
}

/**
 * Whether an image compares trees: only then does it make a difference to `diff` which attributes count, and those for
 * whom different ones count share no pass over the files.
 */
export function comparesTrees({ operation, parameters, inputs }: Node<unknown>): boolean {
  if (operation === STACK || operation === CONFIGURE)
    return typeof parameters === 'object' && parameters !== null && 'diff' in parameters && parameters.diff === true
  return inputs.some(comparesTrees)
}

const STACK = 'stack'
const CONFIGURE = 'configure'

/** Marks the items with the source that they are of, which a join forgets. */
const numbered: (parameters: { readonly index: number }) => Stage<LayerSource | ImageEnd, Numbered> = stage(
  'number',
  ({ index }: { readonly index: number }) =>
    generate<LayerSource | ImageEnd, Numbered>((items) => withNumber(items, index))
)

const stack: (request: ImageRequest) => Stage<Numbered, LayerSource | ImageEnd> = stage(
  STACK,
  (request: ImageRequest, context) =>
    generate<Numbered, LayerSource | ImageEnd>((items) => stacked(items, request, context))
)

/** A stack of one source. */
const configure: (request: ImageRequest) => Stage<LayerSource | ImageEnd, LayerSource | ImageEnd> = stage(
  CONFIGURE,
  (request: ImageRequest, context) =>
    generate<LayerSource | ImageEnd, LayerSource | ImageEnd>((items) => stacked(withNumber(items, 0), request, context))
)

async function* withNumber(items: AsyncIterable<LayerSource | ImageEnd>, index: number): AsyncGenerator<Numbered> {
  for await (const item of items) yield { index, item }
}

async function* stacked(items: AsyncIterable<Numbered>, request: ImageRequest, context: Context) {
  const { platforms, changes, labels, diff } = request
  for (const image of stackImages(await collect(items), platforms)) {
    const { layers, end } = diff ? await compared(image, context) : image
    yield* layers
    yield { ...end, config: withLabels(await changed(end.config, changes), labels) }
  }
}

async function collect(items: AsyncIterable<Numbered>): Promise<readonly SourceImages[]> {
  const sources: { images: { layers: readonly LayerSource[]; end: ImageEnd }[]; layers: LayerSource[] }[] = []
  for await (const { index, item } of items) {
    const source = (sources[index] ??= { images: [], layers: [] })
    if (item.kind !== 'image') source.layers.push(item)
    else source.images.push({ layers: source.layers.splice(0), end: item })
  }
  return sources.filter((source) => source !== undefined)
}

async function compared(image: StackedImage, context: Context): Promise<StackedImage> {
  const { compareBelow } = await import('./compare-below.js')
  return compareBelow(image, context.temporary)
}

/** Loads what reads Dockerfiles only where there is something to read. */
async function changed(config: ContainerConfig, changes: readonly string[]): Promise<ContainerConfig> {
  if (changes.length === 0) return config
  const { applyChanges } = await import('../build/change.js')
  return applyChanges(config, changes)
}

function withLabels(config: ContainerConfig, labels: Readonly<Record<string, string>>): ContainerConfig {
  return Object.keys(labels).length === 0 ? config : { ...config, Labels: { ...config.Labels, ...labels } }
}
