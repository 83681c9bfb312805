import { Writable } from 'node:stream'

/** Keeps the last item: what `run` returns of a node that was asked for. */
export class Collector extends Writable {
  last: unknown

  constructor() {
    super({ objectMode: true })
  }

  override _write(item: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.last = item
    done()
  }
}
