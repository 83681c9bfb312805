import { directory, imageOf, join, oci, optionsOf, type Receipt, run } from 'layerpipe'

/** Directories for two platforms as one index: who pulls it gets the image that runs there. */
export async function exportIndex(amd64: string, arm64: string, destination: string): Promise<Receipt | undefined> {
  const imageFor = (path: string, platform: string) =>
    imageOf([directory({ path, target: '' })], { platforms: [platform], changes: [], labels: {}, diff: false })
  const images = join([imageFor(amd64, 'linux/amd64'), imageFor(arm64, 'linux/arm64')])
  const [receipt] = await run([oci(images, optionsOf('oci', { destination, names: ['docker.io/example/app:1'] }))])
  return receipt
}
