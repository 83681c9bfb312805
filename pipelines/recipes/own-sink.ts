import { buffer } from 'node:stream/consumers'
import {
  approved,
  custom,
  directory,
  type ImageBlob,
  imageBlobs,
  imageOf,
  optionsOf,
  pipe,
  type Receipt,
  run
} from 'layerpipe'

/** Where blobs may be kept: a bucket, a database, here a map by digest. */
export type Bucket = Map<string, Buffer>

/**
 * A sink of one's own: blobs come children before parents, the root last. What must not be seen before all is there,
 * a name, waits for `approved`, which lets policies have their say.
 */
const storeInBucket = (bucket: Bucket, name: string) =>
  custom<ImageBlob, Receipt, { readonly name: string }>('store in bucket', { name }, (_parameters, context) => {
    return async function* (items) {
      let bytes = 0
      let root: ImageBlob | null = null
      for await (const item of items) {
        const { digest, size } = item.blob.descriptor
        bucket.set(digest, await buffer(item.blob.open()))
        context.progress(size)
        bytes += size
        root = item
      }
      const descriptor = root?.blob.descriptor ?? null
      await approved(context)
      if (descriptor) bucket.set(name, Buffer.from(descriptor.digest))
      yield {
        exporter: 'bucket',
        destination: name,
        descriptor,
        config: null,
        names: [name],
        bytes,
        skipped: [],
        seconds: 0
      }
    }
  })

/** A directory as an image in a bucket. */
export async function exportToBucket(path: string, bucket: Bucket, name: string): Promise<Receipt | undefined> {
  const image = imageOf([directory({ path, target: '' })], { platforms: [], changes: [], labels: {}, diff: false })
  const [receipt] = await run([pipe(imageBlobs(image, optionsOf('oci'), 'oci'), storeInBucket(bucket, name))])
  return receipt
}
