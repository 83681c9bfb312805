import { optionsOf, type Receipt, type RunOptions, registry, registryImage, run } from 'layerpipe'

/** An image of a registry with its layers as zstd, under another name, for all of its platforms. */
export async function recompress(from: string, to: string, options: RunOptions = {}): Promise<Receipt | undefined> {
  const image = registryImage({ name: from, platforms: 'all' })
  const zstd = optionsOf('registry', {
    names: [to],
    compression: ['zstd'],
    compressionLevel: 9,
    forceCompression: true
  })
  const [receipt] = await run([registry(image, zstd)], options)
  return receipt
}
