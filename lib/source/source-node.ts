import type { Node } from '../graph/index.js'
import type { WantedPlatforms } from '../image/select-platforms.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { directory } from './directory.js'
import { image } from './image-source.js'
import type { SourceReference } from './parse.js'
import { registryImage } from './registry.js'
import { describeTarball, tarball } from './tarball.js'

/**
 * The node of a source, with the platforms that are wanted of it where it is an image. Looks at the file system for
 * what tells a tar from another that was under its path before.
 */
export async function sourceNode(
  reference: SourceReference,
  platforms: WantedPlatforms
): Promise<Node<LayerSource | ImageEnd>> {
  switch (reference.kind) {
    case 'dir':
      return directory({ path: reference.path, target: reference.target })
    case 'tar':
      return tarball(await describeTarball(reference.path))
    case 'oci':
    case 'oci-archive':
    case 'docker-archive':
      return image({ ...reference, platforms })
    case 'docker':
      return registryImage({ name: reference.name, platforms })
  }
}
