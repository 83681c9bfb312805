import { Readable } from 'node:stream'
import type { Context } from '../graph/context.js'
import { type Node, source } from '../graph/node.js'
import { parseReference } from '../image/reference.js'
import { resolveImages } from '../image/resolve.js'
import type { ResolvedImage } from '../image/resolved-image.js'
import type { WantedPlatforms } from '../image/select-platforms.js'
import { type RegistryClient, registryResource } from '../registry/client.js'
import { accessRepository } from '../registry/image-access.js'
import { fetchManifest } from '../registry/manifests.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { itemsOf } from './image-items.js'

export type RegistryImageParameters = {
  /** A name with a tag, a digest, or both; without either it means `latest`. */
  readonly name: string
  readonly platforms: WantedPlatforms
}

/**
 * An image in a registry: for each platform its layers, lowest first, and its end. A layer is fetched when somebody
 * reads it, and not before.
 */
export const registryImage: (parameters: RegistryImageParameters) => Node<LayerSource | ImageEnd> = source(
  'registry image',
  (parameters: RegistryImageParameters, context) =>
    Readable.from(registryItems(parameters, context.resource(registryResource), context))
)

/** Reads the documents of an image in a registry; its layers can be opened then. */
async function resolveRegistryImage(
  { name, platforms }: RegistryImageParameters,
  client: RegistryClient,
  { signal, note }: Partial<Pick<Context, 'signal' | 'note'>> = {}
): Promise<readonly ResolvedImage[]> {
  const { domain, path, tag, digest } = parseReference(name)
  const remote = client.remote({ host: domain, repository: path })
  const root = await fetchManifest(remote, digest ?? tag ?? 'latest', signal)
  const access = accessRepository(remote, signal)
  // What a tag points to may change between two requests: the root is not asked for again.
  const document: typeof access.document = async (descriptor) =>
    descriptor.digest === root.descriptor.digest ? root.bytes : access.document(descriptor)
  return resolveImages([root.descriptor], { ...access, document }, platforms, note)
}

async function* registryItems(
  parameters: RegistryImageParameters,
  client: RegistryClient,
  context: Context
): AsyncGenerator<LayerSource | ImageEnd> {
  for (const resolved of await resolveRegistryImage(parameters, client, context)) yield* itemsOf(resolved)
}
