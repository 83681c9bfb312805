import { Transform } from 'node:stream'
import {
  deliverTar,
  diff,
  directory,
  type EntryBatch,
  flatten,
  imageOf,
  pipe,
  type Receipt,
  run,
  transformEntries
} from 'layerpipe'

/** An ordinary Transform of Node's, in object mode: batches of entries and pieces of bodies in, the same out. */
class OwnByRoot extends Transform {
  constructor() {
    super({ objectMode: true, highWaterMark: 1 })
  }

  override _transform(
    batch: EntryBatch,
    _encoding: BufferEncoding,
    done: (error: null, batch: EntryBatch) => void
  ): void {
    done(
      null,
      batch.map((item) => (Buffer.isBuffer(item) ? item : { ...item, uid: 0, gid: 0 }))
    )
  }
}

/** The tar of a directory in which everything belongs to root, whoever ran this. */
export async function tarOwnedByRoot(path: string, destination: string): Promise<Receipt | undefined> {
  const image = imageOf([directory({ path, target: '' })], { platforms: [], changes: [], labels: {}, diff: false })
  const ownByRoot = transformEntries('own by root', null, () => new OwnByRoot())
  const sink = deliverTar({
    exporter: 'tar',
    destination,
    compression: 'uncompressed',
    level: null,
    platformSplit: null,
    include: [],
    exclude: []
  })
  const [receipt] = await run([pipe(image, diff(), flatten(), ownByRoot, sink)])
  return receipt
}
