import { Readable } from 'node:stream'
import { type Node, source } from '../graph/node.js'
import { resolveImages } from '../image/resolve.js'
import type { ResolvedImage } from '../image/resolved-image.js'
import type { WantedPlatforms } from '../image/select-platforms.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { openArchive, type Workspace } from './archive.js'
import { resolveDockerArchive } from './docker-archive-image.js'
import { itemsOf } from './image-items.js'
import { openLayoutDirectory } from './layout-directory.js'
import { accessLayout, findRoots } from './layout-image.js'
import type { Members } from './members.js'
import { standardInput } from './standard-input.js'

/** An existing image on this machine. */
export type ImageLocation = {
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive'
  /** Of the layout directory or the archive; `-` is an archive on standard input. */
  readonly path: string
  /** Which image in it: a tag, a full name or a digest. Null where there is only one. */
  readonly name: string | null
}

export type ImageParameters = ImageLocation & {
  readonly platforms: WantedPlatforms
}

/** An existing image: for each platform its layers as they are stored, lowest first, and its end. */
export const image: (parameters: ImageParameters) => Node<LayerSource | ImageEnd> = source(
  'image',
  ({ platforms, ...location }: ImageParameters, context) =>
    Readable.from(
      imageItems(location, platforms, {
        standardInput: () => context.resource(standardInput),
        temporary: () => context.temporary(),
        signal: context.signal,
        note: context.note
      })
    )
)

/**
 * Reads the documents of an existing image; its layers can be opened then. A compressed or piped archive is unpacked
 * into `workspace`, which has to stand for as long as the layers are read.
 */
export async function resolveImage(
  location: ImageLocation,
  platforms: WantedPlatforms,
  workspace: Workspace
): Promise<readonly ResolvedImage[]> {
  const { kind, name } = location
  const members = await openMembers(location, workspace)
  if (kind === 'docker-archive') return resolveDockerArchive(members, name, platforms)
  return resolveImages(await findRoots(members, name), accessLayout(members), platforms, workspace.note)
}

function openMembers({ kind, path }: ImageLocation, workspace: Workspace): Promise<Members> {
  const subject = `${kind}:${path}`
  return kind === 'oci' ? openLayoutDirectory(path, subject) : openArchive(path, subject, workspace)
}

async function* imageItems(
  location: ImageLocation,
  platforms: WantedPlatforms,
  workspace: Workspace
): AsyncGenerator<LayerSource | ImageEnd> {
  for (const resolved of await resolveImage(location, platforms, workspace)) yield* itemsOf(resolved)
}
