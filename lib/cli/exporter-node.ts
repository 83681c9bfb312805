import { cacheonly } from '../../pipelines/cacheonly.js'
import { oci } from '../../pipelines/oci.js'
import { UsageError } from '../errors.js'
import type { Node } from '../graph/index.js'
import type { ImageEnd, LayerSource, Receipt } from '../stages/items.js'
import type { Output } from './read-output.js'

/** The pipeline of an output. */
export function exporterNode(output: Output, image: Node<LayerSource | ImageEnd>): Node<Receipt> {
  switch (output.type) {
    case 'oci':
      return oci(image, output.options)
    case 'cacheonly':
      return cacheonly(image)
    default:
      throw new UsageError({
        operation: 'export',
        subject: output.text,
        expected: 'an exporter that is there',
        found: `${output.type}, which is not there yet`
      })
  }
}
