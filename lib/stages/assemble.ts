import type { Blob } from '../blob/blob.js'
import { UsageError } from '../errors.js'
import { type Stage, stage } from '../graph/node.js'
import { composeImage, composeIndex, type DocumentOptions, dateRoot, relabelLayer } from '../image/compose.js'
import { parsePlatform, samePlatform } from '../image/platform.js'
import { generate } from '../streams/generate.js'
import type { ImageBlob, ImageEnd, LayerBlob, ManifestParts } from './items.js'

/**
 * Layers in, whole images out: the layers as they come, then each image's config and manifest, and at the end, where
 * there were several images, the index over them.
 */
export const assemble: (options: DocumentOptions) => Stage<LayerBlob | ImageEnd, ImageBlob> = stage<
  DocumentOptions,
  LayerBlob | ImageEnd,
  ImageBlob
>('assemble', (options) => generate<LayerBlob | ImageEnd, ImageBlob>((items) => assembled(items, options)))

interface Manifest {
  readonly blob: Blob
  readonly parts: ManifestParts
}

async function* assembled(
  items: AsyncIterable<LayerBlob | ImageEnd>,
  options: DocumentOptions
): AsyncGenerator<ImageBlob> {
  const manifests: Manifest[] = []
  let layers: LayerBlob[] = []
  for await (const item of items) {
    if (item.kind === 'layer-blob') {
      const layer = { ...item, blob: relabelLayer(item.blob, options) }
      layers.push(layer)
      yield { kind: 'blob', role: 'layer', blob: layer.blob, root: false }
    } else {
      const { config, manifest, parts } = composeImage(layers, item, options)
      layers = []
      yield { kind: 'blob', role: 'config', blob: config, root: false }
      manifests.push({ blob: manifest, parts })
    }
  }
  yield* roots(manifests, options)
}

/** The manifests come last, because only now is it known whether one of them is the root. */
function* roots(manifests: readonly Manifest[], options: DocumentOptions): Generator<ImageBlob> {
  checkAnnotations(manifests, options)
  const [first] = manifests
  const single = manifests.length === 1
  for (const { blob, parts } of manifests) {
    const described = single ? dateRoot(blob, parts.created) : blob
    yield { kind: 'blob', role: 'manifest', blob: described, manifest: parts, root: single }
  }
  if (single || !first) return
  const index = composeIndex(
    manifests.map(({ blob }) => blob.descriptor),
    options
  )
  yield { kind: 'blob', role: 'index', blob: dateRoot(index, first.parts.created), root: true }
}

function checkAnnotations(manifests: readonly Manifest[], { annotations }: DocumentOptions): void {
  for (const { target, platform, key } of annotations) {
    if (target === 'index' && manifests.length === 1) {
      throw unfit(key, 'an index', 'a single manifest', 'put it on the manifest, or export several platforms')
    }
    const wanted = platform === null ? null : parsePlatform(platform)
    if (wanted && !manifests.some(({ parts }) => samePlatform(parts.platform, wanted))) {
      throw unfit(
        key,
        `the platform ${platform}`,
        'none of it in the result',
        'leave it out, or add it with --platform'
      )
    }
  }
}

function unfit(key: string, expected: string, found: string, advice: string): UsageError {
  return new UsageError({ operation: 'annotate', subject: `annotation ${key}`, expected, found, advice })
}
