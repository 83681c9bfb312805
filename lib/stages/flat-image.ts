import { filterEntries } from '../diff/filter.js'
import type { PlacedImage } from '../diff/merge-images.js'
import { InputError } from '../errors.js'
import { formatPlatform, type Platform } from '../image/platform.js'
import { type Body, mapBody } from '../streams/body.js'
import { noImage } from './collect-image.js'
import type { Changeset, ImageEnd } from './items.js'

/** Plain data: it is part of a node's key. */
export type FlatImageOptions = {
  /** Whether each goes into a directory named after its platform; null: where there are several. */
  readonly platformSplit: boolean | null
  /** Patterns; see `filterEntries`. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/**
 * Waits for the last image, without opening any, because only then is it known how many there are.
 *
 * @throws InputError where there is none, or where two would go into one directory
 */
export async function collectFlatImages(
  items: AsyncIterable<Changeset | ImageEnd>,
  options: FlatImageOptions
): Promise<readonly PlacedImage[]> {
  const images: { readonly platform: Platform; readonly bodies: readonly Body[] }[] = []
  let bodies: Body[] = []
  for await (const item of items) {
    if (item.kind === 'changeset') {
      bodies.push(filtered(item.body, options))
    } else {
      images.push({ platform: item.platform, bodies })
      bodies = []
    }
  }
  const splits = options.platformSplit ?? images.length > 1
  const flat = images.map((image) => ({ ...image, directory: splits ? directoryOf(image.platform) : null }))
  checkDirectories(flat)
  return flat
}

function filtered(body: Body, { include, exclude }: FlatImageOptions): Body {
  return include.length + exclude.length === 0 ? body : mapBody(body, () => [filterEntries({ include, exclude })])
}

/** `linux_arm_v7`: the platform as a name that is nothing but a name, whatever the image says of itself. */
function directoryOf(platform: Platform): string {
  return formatPlatform(platform)
    .replaceAll(/[^A-Za-z0-9._()-]/g, '_')
    .replace(/^\.+/, '_')
}

function checkDirectories(images: readonly PlacedImage[]): void {
  if (images.length === 0) throw noImage('write file system')
  const directories = new Set<string>()
  for (const { directory } of images) {
    if (directory === null) continue
    if (directories.has(directory)) throw wrongImages('one image for each platform', `several for ${directory}`)
    directories.add(directory)
  }
}

function wrongImages(expected: string, found: string): InputError {
  return new InputError({ operation: 'write file system', subject: 'the sources', expected, found })
}
