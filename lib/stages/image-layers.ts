import type { Readable } from 'node:stream'
import type { History } from '../image/config.js'
import type { Changeset, ImageEnd } from './items.js'

type Item = Changeset | ImageEnd

/** The layers of one image, opened one after the other. */
export interface ImageLayers extends AsyncIterable<Readable> {
  /** What came behind the last layer, once that has been read. */
  readonly end: Item | undefined
  /** All steps, once the last layer has been read; only the last step has a layer still. */
  readonly history: readonly History[]
}

/** The layers `ahead`, which were taken from `items` already, and those that follow up to the image's end. */
export function createImageLayers(ahead: readonly Changeset[], items: AsyncIterator<Item>): ImageLayers {
  return new Layers(ahead, items)
}

/** The next item; undefined at the end. */
export async function takeItem(items: AsyncIterator<Item>): Promise<Item | undefined> {
  const { value, done } = await items.next()
  return done ? undefined : value
}

class Layers implements ImageLayers {
  readonly #ahead: Changeset[]
  readonly #iterator: AsyncIterator<Item>
  readonly #histories: History[] = []
  #end: Item | undefined

  constructor(ahead: readonly Changeset[], iterator: AsyncIterator<Item>) {
    this.#ahead = [...ahead]
    this.#iterator = iterator
  }

  get end(): Item | undefined {
    return this.#end
  }

  get history(): readonly History[] {
    return this.#histories.map((step, at) => (at < this.#histories.length - 1 ? { ...step, empty_layer: true } : step))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Readable> {
    try {
      for (let layer = this.#ahead.shift() ?? (await takeItem(this.#iterator)); ; ) {
        if (layer?.kind !== 'changeset') return void (this.#end = layer)
        this.#histories.push(...layer.history)
        yield layer.body.open()
        layer = this.#ahead.shift() ?? (await takeItem(this.#iterator))
      }
    } finally {
      for (const layer of this.#ahead) layer.body.discard()
    }
  }
}
