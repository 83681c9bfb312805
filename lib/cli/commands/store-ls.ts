import type { Invocation } from '../command.js'
import { imageSize } from '../image-size.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import type { storeListFlags } from '../store-command-flags.js'
import { formatBytes } from '../units.js'

/** Prints the images of the store: name, digest and size. */
export async function listImages({ flags }: Invocation<typeof storeListFlags>): Promise<void> {
  const store = storeOf(flags.store)
  const images = await store.images()
  const rows = await Promise.all(
    images.map(async ({ name, descriptor }) => ({
      name,
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
      size: await imageSize(store, descriptor)
    }))
  )
  if (flags.json) return print(`${JSON.stringify(rows, null, 2)}\n`)
  const width = Math.max(0, ...rows.map(({ name }) => name?.length ?? 1))
  const lines = rows.map(({ name, digest, size }) => {
    const amount = size === null ? 'incomplete' : formatBytes(size)
    return `${(name ?? '-').padEnd(width)}  ${digest}  ${amount}\n`
  })
  return print(lines.join(''))
}
