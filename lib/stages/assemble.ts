import type { Blob } from '../blob/blob.js'
import { type Stage, stage } from '../graph/node.js'
import { checkAnnotations } from '../image/annotations.js'
import { composeImage, composeIndex, type DocumentOptions, dateRoot, relabelLayer } from '../image/compose.js'
import { generate } from '../streams/generate.js'
import type { ImageBlob, ImageEnd, LayerBlob, ManifestParts } from './items.js'

/**
 * Layers in, whole images out: the layers as they come, then each image's config and manifest, and at the end, where
 * there were several images, the index over them. Variants that come out equal are one.
 */
export const assemble: (options: DocumentOptions) => Stage<LayerBlob | ImageEnd, ImageBlob> = stage<
  DocumentOptions,
  LayerBlob | ImageEnd,
  ImageBlob
>('assemble', (options, { note }) =>
  generate<LayerBlob | ImageEnd, ImageBlob>((items) => assembled(items, options, note))
)

interface Manifest {
  readonly blob: Blob
  readonly parts: ManifestParts
}

async function* assembled(
  items: AsyncIterable<LayerBlob | ImageEnd>,
  options: DocumentOptions,
  note: (message: string) => void
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
  if (withoutEqual(manifests).length < manifests.length) note(EQUAL_VARIANTS)
  yield* roots(manifests, options)
}

const EQUAL_VARIANTS =
  'variants that came out equal are listed once: layers of existing images are compressed anew with force-compression=true'

function withoutEqual(manifests: readonly Manifest[]): readonly Manifest[] {
  return [...new Map(manifests.toReversed().map((each) => [each.blob.descriptor.digest, each])).values()].toReversed()
}

/** The manifests come last, because only now is it known whether one of them is the root. */
function* roots(manifests: readonly Manifest[], options: DocumentOptions): Generator<ImageBlob> {
  checkAnnotations(
    options.annotations,
    manifests.map(({ parts }) => parts.platform)
  )
  const distinct = withoutEqual(manifests)
  const several = manifests.length > 1
  for (const { blob, parts } of distinct) {
    const described = several ? blob : dateRoot(blob, parts.created)
    yield { kind: 'blob', role: 'manifest', blob: described, manifest: parts, root: !several }
  }
  const [first] = distinct
  if (!several || !first) return
  const index = composeIndex(
    distinct.map(({ blob }) => blob.descriptor),
    options
  )
  yield { kind: 'blob', role: 'index', blob: dateRoot(index, first.parts.created), root: true }
}
