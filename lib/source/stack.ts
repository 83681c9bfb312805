import { InputError } from '../errors.js'
import { formatPlatform, localPlatform, type Platform, parsePlatform } from '../image/platform.js'
import { choosePlatform } from '../image/platform-choice.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'

/** One image, taken from the stream of items. */
export interface StackedImage {
  /** Lowest first. */
  readonly layers: readonly LayerSource[]
  readonly end: ImageEnd
}

/** What came out of one source: images, or layers that belong to no image. */
export interface SourceImages {
  readonly images: readonly StackedImage[]
  readonly layers: readonly LayerSource[]
}

/**
 * One image for each platform: those of the first source that has images, else the platforms named, else this
 * machine's. Every other source with images has to have one that runs there.
 */
export function stackImages(sources: readonly SourceImages[], platforms: readonly string[]): readonly StackedImage[] {
  const first = sources.find((source) => source.images.length > 0)
  const wanted = first?.images.map((image) => image.end.platform) ?? platforms.map(parsePlatform)
  return (wanted.length > 0 ? wanted : [localPlatform()]).map((platform) =>
    sources.map((source) => imageFor(platform, source)).reduce(placeOn, emptyImage(platform))
  )
}

function emptyImage(platform: Platform): StackedImage {
  return { layers: [], end: { kind: 'image', platform, config: {}, history: [] } }
}

function imageFor(platform: Platform, { images, layers }: SourceImages): StackedImage {
  if (images.length === 0) return { ...emptyImage(platform), layers }
  const found = choosePlatform(platform, images, (image) => image.end.platform)
  if (found) return found
  throw new InputError({
    operation: 'stack sources',
    subject: 'an image above another',
    expected: `one for ${formatPlatform(platform)}, as the image below it is`,
    found: images.map((image) => formatPlatform(image.end.platform)).join(', '),
    advice: 'choose a platform that all sources have with --platform'
  })
}

/** What the upper image's config does not say is as in the lower's; its history goes on where the lower's stopped. */
function placeOn(lower: StackedImage, upper: StackedImage): StackedImage {
  const [lowest, ...rest] = upper.layers
  const open = lower.end.history
  const end = {
    ...lower.end,
    ...upper.end,
    platform: lower.end.platform,
    config: { ...lower.end.config, ...upper.end.config }
  }
  if (lowest === undefined) return { layers: lower.layers, end: { ...end, history: [...open, ...upper.end.history] } }
  return { layers: [...lower.layers, { ...lowest, history: [...open, ...lowest.history] }, ...rest], end }
}
