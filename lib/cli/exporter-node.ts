import { cacheonly } from '../../pipelines/cacheonly.js'
import { docker } from '../../pipelines/docker.js'
import { image } from '../../pipelines/image.js'
import { local } from '../../pipelines/local.js'
import { oci } from '../../pipelines/oci.js'
import { registry } from '../../pipelines/registry.js'
import { tar } from '../../pipelines/tar.js'
import type { Node } from '../graph/index.js'
import type { ImageEnd, LayerSource, Receipt } from '../stages/items.js'
import type { Output } from './read-output.js'

/** The pipeline of an output. */
export function exporterNode(output: Output, source: Node<LayerSource | ImageEnd>): Node<Receipt> {
  switch (output.type) {
    case 'oci':
      return oci(source, output.options)
    case 'docker':
      return docker(source, output.options)
    case 'image':
      return image(source, output.options)
    case 'registry':
      return pushesOnly(output.options) ? registry(source, output.options) : image(source, output.options)
    case 'local':
      return local(source, output.options)
    case 'tar':
      return tar(source, output.options)
    case 'cacheonly':
      return cacheonly(source)
  }
}

function pushesOnly({ push, store }: Output<'registry'>['options']): boolean {
  return push && !store
}
