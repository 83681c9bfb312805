import type { Node } from '../graph/index.js'
import type { ImageEnd, LayerSource, Receipt } from '../stages/items.js'
import type { Output } from './read-output.js'

/** The pipeline of an output. Loads what belongs to its type alone: a plain archive needs no registry. */
export async function exporterNode(output: Output, source: Node<LayerSource | ImageEnd>): Promise<Node<Receipt>> {
  switch (output.type) {
    case 'oci':
      return (await import('../../pipelines/oci.js')).oci(source, output.options)
    case 'docker':
      return (await import('../../pipelines/docker.js')).docker(source, output.options)
    case 'image':
      return (await import('../../pipelines/image.js')).image(source, output.options)
    case 'registry':
      return (await import('../../pipelines/registry.js')).registry(source, output.options)
    case 'local':
      return (await import('../../pipelines/local.js')).local(source, output.options)
    case 'tar':
      return (await import('../../pipelines/tar.js')).tar(source, output.options)
    case 'cacheonly':
      return (await import('../../pipelines/cacheonly.js')).cacheonly(source)
  }
}

/** What makes layers as an output has them, and only leaves them in the caches. */
export async function cachingNode({ options }: Output, layers: Node<LayerSource | ImageEnd>): Promise<Node<Receipt>> {
  const { cacheonly, cacheonlyAs } = await import('../../pipelines/cacheonly.js')
  if (!('forceCompression' in options) || options.compression === null) return cacheonly(layers)
  return cacheonlyAs(layers, { ...options, compression: options.compression })
}
