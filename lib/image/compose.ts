import { type Blob, memoryBlob } from '../blob/blob.js'
import type { Annotations, Descriptor } from '../blob/descriptor.js'
import type { AnnotationTarget, AnnotationValue } from '../options/option.js'
import type { ImageEnd, LayerBlob, ManifestParts } from '../stages/items.js'
import { createConfig, type History } from './config.js'
import { createIndex } from './index-document.js'
import { createManifest } from './manifest.js'
import {
  configMediaType,
  convertMediaType,
  distributable,
  familyOfAll,
  formatOfMediaType,
  indexMediaType,
  type MediaTypeFamily,
  manifestMediaType
} from './media-types.js'
import { type Platform, parsePlatform, samePlatform } from './platform.js'
import { formatTime } from './time.js'

/** How documents are written. Plain data: it is part of a node's key. */
export type DocumentOptions = {
  readonly family: MediaTypeFamily
  /** Whether an image with zstd layers has OCI's media types all the same: few readers know Docker's for zstd. */
  readonly ociForZstd?: boolean
  /** Seconds since 1970, for all that is created; null takes the newest mtime of the layers made. */
  readonly epoch: number | null
  readonly annotations: readonly AnnotationValue[]
  /** Keeps the media types of layers that may not be distributed. */
  readonly preferNondistributable: boolean
  /** Whether an index holds the same image in several compressions, so that zstd ones have to be marked. */
  readonly variants: boolean
}

/** What engines look for to choose the zstd variant of an image (containers/image, `c/image` documentation). */
const ZSTD_VARIANT: Annotations = { 'io.github.containers.compression.zstd': 'true' }

/** The layer with the media type that the manifest wants. */
export function relabelLayer(blob: Blob, options: DocumentOptions): Blob {
  const { mediaType } = blob.descriptor
  const allowed = options.preferNondistributable ? mediaType : distributable(mediaType)
  return { ...blob, descriptor: relabel({ ...blob.descriptor, mediaType: allowed }, options.family) }
}

/** The config and the manifest of one image, whose layers were relabelled before. */
export function composeImage(
  layers: readonly LayerBlob[],
  end: ImageEnd,
  options: DocumentOptions
): { readonly config: Blob; readonly manifest: Blob; readonly parts: ManifestParts } {
  const created = createdOf(layers, end, options)
  const family = familyOfImage(layers, options)
  const diffIDs = layers.map((layer) => layer.diffID)
  const config = memoryBlob(
    createConfig({
      platform: end.platform,
      config: end.config,
      diffIDs,
      history: [
        ...layers.flatMap((layer) => historyOf(layer, options)),
        ...end.history.map((step) => dated(step, created))
      ],
      ...(created !== null && { created }),
      ...(end.author !== undefined && { author: end.author })
    }),
    { mediaType: configMediaType(family) }
  )
  const descriptors = layers.map(({ blob }) => relabel(blob.descriptor, family))
  const annotations = annotationsFor('manifest', end.platform, options)
  const manifest = memoryBlob(createManifest({ family, config: config.descriptor, layers: descriptors, annotations }), {
    mediaType: manifestMediaType(family),
    platform: end.platform,
    ...unlessNone({
      ...variantMark(descriptors, options),
      ...annotationsFor('manifest-descriptor', end.platform, options)
    })
  })
  const parts = { config: config.descriptor, layers: descriptors, diffIDs, platform: end.platform, created }
  return { config, manifest, parts }
}

/** The index over several manifests, in their order. */
export function composeIndex(manifests: readonly Descriptor[], options: DocumentOptions): Blob {
  const annotations = annotationsFor('index', null, options)
  const family = familyOfAll(manifests.map(({ mediaType }) => mediaType))
  return memoryBlob(createIndex({ family, manifests, annotations }), {
    mediaType: indexMediaType(family),
    ...unlessNone(annotationsFor('index-descriptor', null, options))
  })
}

/**
 * The root as index.json lists it: with the time of its config, or of that of its first image, unless an annotation
 * says another.
 */
export function dateRoot(blob: Blob, created: string | null): Blob {
  if (created === null) return blob
  const annotations = { 'org.opencontainers.image.created': created, ...blob.descriptor.annotations }
  return { ...blob, descriptor: { ...blob.descriptor, annotations } }
}

function relabel(descriptor: Descriptor, family: MediaTypeFamily): Descriptor {
  return { ...descriptor, mediaType: convertMediaType(descriptor.mediaType, family) }
}

function familyOfImage(layers: readonly LayerBlob[], { family, ociForZstd }: DocumentOptions): MediaTypeFamily {
  return ociForZstd && layers.some(({ blob }) => isZstd(blob.descriptor)) ? 'oci' : family
}

function isZstd({ mediaType }: Descriptor): boolean {
  return formatOfMediaType(mediaType) === 'zstd'
}

/** The annotations that were asked for on `target`, for one platform or, with null, for what has none. */
function annotationsFor(
  target: AnnotationTarget,
  platform: Platform | null,
  { annotations }: Pick<DocumentOptions, 'annotations'>
): Annotations {
  const fitting = annotations.filter(
    (each) =>
      each.target === target &&
      (each.platform === null || (platform !== null && samePlatform(parsePlatform(each.platform), platform)))
  )
  return Object.fromEntries(fitting.map(({ key, value }) => [key, value]))
}

function createdOf(layers: readonly LayerBlob[], end: ImageEnd, { epoch }: DocumentOptions): string | null {
  const newest = layers.reduce<number | null>((latest, layer) => later(latest, layer.newest), null)
  return formatTime(epoch ?? newest) ?? end.created ?? null
}

function later(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (left ?? right) : Math.max(left, right)
}

/** Steps of an existing image keep what they say; those of a layer made now are dated by it. */
function historyOf(layer: LayerBlob, { epoch }: DocumentOptions): readonly History[] {
  const created = layer.newest === null ? null : formatTime(epoch ?? layer.newest)
  return layer.history.map((step) => dated(step, created))
}

function dated(step: History, created: string | null): History {
  return step.created !== undefined || created === null ? step : { ...step, created }
}

function variantMark(layers: readonly Descriptor[], { variants }: DocumentOptions): Annotations {
  const zstd = layers.length > 0 && layers.every(isZstd)
  return variants && zstd ? ZSTD_VARIANT : {}
}

function unlessNone(annotations: Annotations): { readonly annotations?: Annotations } {
  return Object.keys(annotations).length > 0 ? { annotations } : {}
}
