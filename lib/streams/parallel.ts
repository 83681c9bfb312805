import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import { createLimit } from '../graph/limit.js'
import { adopt } from './adopt.js'

const require = createRequire(import.meta.url)

/** Of its ten packages, the one that is its `parallel`, when there is something to do: all take four times as long. */
const library = (): typeof import('mississippi').parallel =>
  createRequire(require.resolve('mississippi'))('parallel-transform')

/**
 * A stage that runs `work` on up to `width` items at a time and gives the results in the order of the items.
 *
 * The door to `mississippi`, whose `parallel` holds 16 items a side unless told otherwise, and any number of results
 * where its reader is slow: no work begins here before there is room for what comes of it. For items (blocks, blobs), not
 * for chunks of bytes: every one costs a promise. The first rejection destroys the stream with its reason.
 */
export function parallel<I, O>(width: number, work: (item: I) => Promise<O>): Duplex {
  const room = createLimit(width)
  const releases: (() => void)[] = []
  const foreign = library()<I, O>(width, { highWaterMark: 1, objectMode: true }, (item, done) => {
    room
      .take(1)
      .then((release) => {
        releases.push(release)
        return work(item)
      })
      .then((result) => done(null, result), done)
  })
  return adopt(foreign, () => releases.shift()?.())
}
