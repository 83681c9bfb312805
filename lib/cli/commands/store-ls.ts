import { InputError } from '../../errors.js'
import { isImageMediaType } from '../../image/media-types.js'
import type { Invocation } from '../command.js'
import { imageSize } from '../image-size.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import type { storeListFlags } from '../store-command-flags.js'
import { formatBytes } from '../units.js'

/** Prints what the store lists: name, digest and size, and the media type of what is no image. */
export async function listImages({ flags }: Invocation<typeof storeListFlags>): Promise<void> {
  const store = storeOf(flags.store)
  const images = await store.images()
  const rows = await Promise.all(
    images.map(async ({ name, descriptor }) => ({
      name,
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
      size: await imageSize(store, descriptor).catch(ifDamaged)
    }))
  )
  if (flags.json) return print(`${JSON.stringify(rows, null, 2)}\n`)
  const width = Math.max(0, ...rows.map(({ name }) => name?.length ?? 1))
  const lines = rows.map(({ name, digest, mediaType, size }) => {
    const amount = size === null ? 'incomplete or damaged' : formatBytes(size)
    const kind = isImageMediaType(mediaType) ? '' : `  ${mediaType}`
    return `${(name ?? '-').padEnd(width)}  ${digest}  ${amount}${kind}\n`
  })
  return print(lines.join(''))
}

/** One image that can't be read keeps nobody from seeing the others; `store verify` says what is wrong with it. */
function ifDamaged(error: unknown): null {
  if (error instanceof InputError) return null
  throw error
}
