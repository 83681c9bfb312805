import type { Node } from '../graph/index.js'
import type { WantedPlatforms } from '../image/select-platforms.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import type { SourceReference } from './parse.js'

/**
 * The node of a source, with the platforms that are wanted of it where it is an image. Looks at the file system for
 * what tells a tar from another that was under its path before. Loads what belongs to the source's kind alone.
 */
export async function sourceNode(
  reference: SourceReference,
  platforms: WantedPlatforms
): Promise<Node<LayerSource | ImageEnd>> {
  switch (reference.kind) {
    case 'dir':
      return (await import('./directory.js')).directory({ path: reference.path, target: reference.target })
    case 'tar':
      return tarballNode(reference.path)
    case 'oci':
    case 'oci-archive':
    case 'docker-archive':
      return (await import('./image-source.js')).image({ ...reference, platforms })
    case 'docker':
      return (await import('./registry.js')).registryImage({ name: reference.name, platforms })
  }
}

async function tarballNode(path: string): Promise<Node<LayerSource>> {
  const { describeTarball, tarball } = await import('./tarball.js')
  return tarball(await describeTarball(path))
}
