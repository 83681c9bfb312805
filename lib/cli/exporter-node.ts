import { cacheonly } from '../../pipelines/cacheonly.js'
import { docker } from '../../pipelines/docker.js'
import { local } from '../../pipelines/local.js'
import { oci } from '../../pipelines/oci.js'
import { UsageError } from '../errors.js'
import type { Node } from '../graph/index.js'
import type { ImageEnd, LayerSource, Receipt } from '../stages/items.js'
import type { Output } from './read-output.js'

/** The pipeline of an output. */
export function exporterNode(output: Output, image: Node<LayerSource | ImageEnd>): Node<Receipt> {
  switch (output.type) {
    case 'oci':
      if (!output.options.tar) throw notThere(output, 'tar=false')
      return oci(image, output.options)
    case 'docker':
      if (!output.options.tar) throw notThere(output, 'tar=false')
      if (output.options.destination === null) throw notThere(output, 'loading into an engine')
      return docker(image, output.options)
    case 'local':
      return local(image, output.options)
    case 'cacheonly':
      return cacheonly(image)
    default:
      throw notThere(output, `type=${output.type}`)
  }
}

function notThere({ text }: Output, what: string): UsageError {
  return new UsageError({
    operation: 'export',
    subject: text,
    expected: 'what is there',
    found: `${what}, which is not yet`
  })
}
