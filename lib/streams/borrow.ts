import { Writable } from 'node:stream'
import { giveBack } from './loan.js'

/**
 * A Writable that writes to `target` but leaves it open, for streams that are not ours to end: standard output.
 * A chunk counts as written when the target has handed it over, so nothing is lost when the process ends after this,
 * and is given back then. `explain` puts a failed write in words.
 */
export function borrowWritable(target: Writable, explain: (error: Error) => Error): Writable {
  swallowErrors(target)
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      target.write(chunk, (error) => {
        giveBack(chunk)
        done(error ? explain(error) : null)
      })
    }
  })
}

/** A failed write is reported to its callback; the event that comes as well would end the process. */
function swallowErrors(target: Writable): void {
  if (guarded.has(target)) return
  guarded.add(target)
  target.on('error', () => {})
}

const guarded = new WeakSet<Writable>()
