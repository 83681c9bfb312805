import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as turn } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Codec, Compressor } from '../../lib/codec/codec.js'
import { decompress } from '../../lib/codec/decompress.js'
import { createBudget } from '../../lib/graph/context.js'
import type { TarBlock } from '../../lib/tar/block.js'

const MEBIBYTE = 2 ** 20

/**
 * What every codec has to do, whoever wrote it: call it in a test of the codec.
 *
 * @param sample Bytes of a layer that the codec can take; some mebibytes of noise and text by default.
 * @param layerOf What went in, out of what a blob decompresses to: for codecs that add something.
 */
export function codecSuite(
  t: Test,
  codec: Codec,
  sample: Buffer = mixedBytes(2 * MEBIBYTE + 17),
  layerOf: (decompressed: Buffer) => Buffer = (decompressed) => decompressed
): void {
  const compress = (bytes: Buffer, options: { blockSize?: number; threads?: number; level?: number } = {}) =>
    compressAll(codec, bytes, options)

  t.test(`${codec.name} gives back what went in`, async (t) => {
    t.ok(layerOf(await decompressAll(codec, await compress(sample))).equals(sample))
  })

  t.test(`${codec.name} does not depend on how its input is cut`, async (t) => {
    const whole = await compress(sample)
    for (const blockSize of [1000, 65_536, MEBIBYTE]) t.ok((await compress(sample, { blockSize })).equals(whole))
  })

  t.test(`${codec.name} gives the same bytes with one thread and with eight`, async (t) => {
    t.ok((await compress(sample, { threads: 1 })).equals(await compress(sample, { threads: 8 })))
  })

  t.test(`${codec.name} ends an empty layer, too`, async (t) => {
    t.equal(layerOf(await decompressAll(codec, await compress(Buffer.alloc(0)))).length, 0)
  })

  t.test(`${codec.name} waits for its reader`, async (t) => {
    const { stream } = start(codec)
    let taken = 0
    const blocks = Readable.from(endless(() => taken++))
    const done = pipeline(blocks, stream)
    done.catch(() => {})
    let before = -1
    for (let quiet = 0; quiet < 200; quiet = taken === before ? quiet + 1 : 0) {
      before = taken
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    t.ok(taken < 64, `${taken} MiB were taken before anybody read`)
    stream.destroy()
    await t.rejects(done)
  })

  t.test(`${codec.name} stops when it is destroyed, with the reason it was given`, async (t) => {
    const { stream } = start(codec)
    const done = pipeline(Readable.from(endless()), stream)
    await turn()
    stream.destroy(new Error('enough'))
    await t.rejects(done, { message: 'enough' })
  })

  t.test(`${codec.name} fails when its input fails`, async (t) => {
    const { stream } = start(codec)
    const broken = async function* (): AsyncGenerator<TarBlock> {
      yield { bytes: sample, marks: [] }
      throw new Error('the disk is gone')
    }
    await t.rejects(pipeline(Readable.from(broken()), stream, drain), { message: 'the disk is gone' })
  })

  t.test(`${codec.name} gives its budget back`, async (t) => {
    const budget = createBudget(2)
    const level = codec.levels?.default ?? 0
    await pipeline(Readable.from(blocksOf(sample)), codec.compress({ level, budget }).stream, drain)
    const { stream } = codec.compress({ level, budget })
    const stopped = pipeline(Readable.from(endless()), stream)
    await turn()
    stream.destroy(new Error('enough'))
    await t.rejects(stopped)
    const releases = [await budget.threads.take(2), await budget.bytes.take(budget.bytes.capacity)]
    for (const release of releases) release()
  })

  t.test(`${codec.name} refuses levels that it has not`, async (t) => {
    if (!codec.levels) return
    const { minimum, maximum } = codec.levels
    const budget = createBudget(1)
    for (const level of [minimum - 1, maximum + 1, minimum + 0.5]) {
      t.throws(() => codec.compress({ level, budget }), { code: 'ERR_USAGE' })
    }
  })
}

/** All of a layer through a codec. */
export async function compressAll(
  codec: Codec,
  bytes: Buffer,
  { blockSize = MEBIBYTE, threads = 2, level = codec.levels?.default ?? 0 } = {}
): Promise<Buffer> {
  const { stream } = codec.compress({ level, budget: createBudget(threads) })
  return collect(Readable.from(blocksOf(bytes, blockSize)), stream)
}

/** All of a blob through the decompressor of its codec's format. */
export function decompressAll(codec: Codec, bytes: Buffer): Promise<Buffer> {
  return collect(Readable.from([bytes]), decompress(codec.format, 'test'))
}

/** Bytes that are half text that compresses well and half noise that does not, the same ones every time. */
export function mixedBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 0x2545f491
  for (let index = 0; index < length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[index] = (index >> 14) & 1 ? state & 0xff : 0x61 + ((state >>> 3) & 3)
  }
  return bytes
}

export function* blocksOf(bytes: Buffer, size: number = MEBIBYTE): Generator<TarBlock> {
  for (let offset = 0; offset < bytes.length; offset += size) {
    yield { bytes: bytes.subarray(offset, offset + size), marks: [] }
  }
}

function* endless(onBlock: () => void = () => {}): Generator<TarBlock> {
  const bytes = mixedBytes(MEBIBYTE)
  for (;;) {
    onBlock()
    yield { bytes, marks: [] }
  }
}

function start(codec: Codec): Compressor {
  return codec.compress({ level: codec.levels?.default ?? 0, budget: createBudget(2) })
}

async function collect(input: Readable, stream: Compressor['stream']): Promise<Buffer> {
  const chunks: Buffer[] = []
  await pipeline(input, stream, async (output: AsyncIterable<Buffer>) => {
    for await (const chunk of output) chunks.push(chunk)
  })
  return Buffer.concat(chunks)
}

async function drain(output: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of output);
}
