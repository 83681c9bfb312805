import { bytesOfText, type Changeset, custom, diff, existingImage, flatten, type ImageEnd, pipe, run } from 'layerpipe'

/** Takes one file out of the merged file system of an image. Its bytes are all that is kept of it. */
const pick = (path: string) =>
  custom<Changeset | ImageEnd, Buffer, string>('pick', path, (wanted) => {
    const name = bytesOfText(wanted)
    return async function* (items) {
      for await (const item of items) {
        if (item.kind === 'image') continue
        const pieces: Buffer[] = []
        let taking = false
        for await (const batch of item.body.open()) {
          for (const each of batch) {
            if (!Buffer.isBuffer(each)) taking = each.path === name
            else if (taking) pieces.push(each)
          }
        }
        yield Buffer.concat(pieces)
      }
    }
  })

/** A file of an image in an archive, as the image's layers leave it; nothing is unpacked to disk for it. */
export async function readFileOfImage(archive: string, path: string): Promise<Buffer | undefined> {
  const image = existingImage({ kind: 'oci-archive', path: archive, name: null, platforms: 'all' })
  const [contents] = await run([pipe(image, diff(), flatten(), pick(path))])
  return contents
}
