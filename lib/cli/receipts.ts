import type { Descriptor } from '../blob/descriptor.js'
import { orderDescriptor } from '../image/canonical-json.js'
import type { Receipt } from '../stages/items.js'

/** The image ID that `--iidfile` and `--quiet` want: the config's digest of a single image, else the root's. */
export function imageIdOf(receipts: readonly Receipt[]): string | null {
  const receipt = receipts.find(({ descriptor }) => descriptor !== null)
  return receipt?.config?.digest ?? receipt?.descriptor?.digest ?? null
}

/** What `--metadata-file` writes: the keys of buildx for the first image, and one object for each output. */
export function metadataOf(receipts: readonly Receipt[]): string {
  const first = receipts.find(({ descriptor }) => descriptor !== null)
  const outputs = receipts.map((receipt) => ({
    type: receipt.exporter,
    dest: receipt.destination,
    ...keysOf(receipt)
  }))
  return `${JSON.stringify({ ...(first && keysOf(first)), outputs }, null, 2)}\n`
}

function keysOf({ config, descriptor, names, chosen }: Receipt): object {
  return {
    ...(config && { 'containerimage.config.digest': config.digest }),
    ...(descriptor && descriptorKeys(descriptor)),
    ...(chosen && { 'layerpipe.compression': chosen }),
    ...(names.length > 0 && { 'image.name': names.join(',') })
  }
}

function descriptorKeys(descriptor: Descriptor): object {
  return { 'containerimage.descriptor': orderDescriptor(descriptor), 'containerimage.digest': descriptor.digest }
}
