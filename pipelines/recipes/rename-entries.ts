import {
  archive,
  assemble,
  type ByteString,
  bytesOfText,
  compress,
  diff,
  directory,
  type EntryBatch,
  hash,
  imageOf,
  pack,
  pipe,
  type Receipt,
  run,
  transformEntries
} from 'layerpipe'

/** Leaves out what ends in `.test.js`, and puts everything else below `to`, on the way from a directory to an image. */
const moveBelow = (to: string) =>
  transformEntries(
    'move below',
    { to },
    ({ to: top }) =>
      (batches) =>
        moved(batches, bytesOfText(`${top}/`))
  )

async function* moved(batches: AsyncIterable<EntryBatch>, prefix: ByteString): AsyncGenerator<EntryBatch> {
  let keeps = true
  for await (const batch of batches) {
    const kept: EntryBatch[number][] = []
    for (const item of batch) {
      if (!Buffer.isBuffer(item)) keeps = !item.path.endsWith('.test.js')
      if (!keeps) continue // a body goes where its entry went
      if (Buffer.isBuffer(item)) kept.push(item)
      else
        kept.push({
          ...item,
          path: prefix + item.path,
          link: item.type === 'hardlink' ? prefix + item.link : item.link
        })
    }
    yield kept
  }
}

/** An archive of a directory without its tests, below `opt`: every stage by its name. */
export async function exportWithoutTests(path: string, destination: string): Promise<Receipt | undefined> {
  const image = imageOf([directory({ path, target: '' })], { platforms: [], changes: [], labels: {}, diff: false })
  const node = pipe(
    image,
    diff(),
    moveBelow('opt'),
    pack(),
    compress({ compression: 'gzip', level: null, force: false }),
    hash(),
    assemble({ family: 'oci', epoch: null, annotations: [], preferNondistributable: false, variants: false }),
    archive({ exporter: 'oci', destination, names: [] })
  )
  const [receipt] = await run([node])
  return receipt
}
