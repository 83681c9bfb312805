import { messageOf } from '../errors.js'
import { compressFile, decompressFile } from './file-codec.js'
import type { Effort, Measurement, MeasureReply, MeasureRequest } from './measurement.js'
import { peakMemory } from './peak-memory.js'

/*
 * A process that measures one setting and ends: only so do its peak memory and its processor time belong to the
 * setting, and what was measured before leaves no trace.
 */
process.once('message', (request: MeasureRequest) => {
  void answer(request).then((reply) => process.send?.(reply, () => process.disconnect()))
})

async function answer(request: MeasureRequest): Promise<MeasureReply> {
  try {
    return { ok: true, measurement: await measure(request) }
  } catch (error) {
    return { ok: false, message: messageOf(error) }
  }
}

/**
 * The fastest of several runs: whatever else a machine does can only make one slower, and the first to decompress has a
 * library to load and to compile. The peak is that of the first compression: what decompresses comes after it, and is not
 * to count.
 */
async function measure({ setting, layers, warmUp }: MeasureRequest): Promise<Measurement> {
  await compressFile(warmUp.tar, warmUp.output, setting)
  let size = 0
  const compression = createTrials(async () => {
    size = 0
    for (const { tar, output } of layers) size += await compressFile(tar, output, setting)
  })
  const decompression = createTrials(async () => {
    for (const { output } of layers) await decompressFile(output, setting)
  })
  await compression.run()
  const peak = peakMemory()
  await decompression.run()
  for (; !compression.enough(); await decompression.run()) await compression.run()
  while (!decompression.enough()) await decompression.run()
  return { setting, size, compression: compression.best(), decompression: decompression.best(), peakMemory: peak }
}

/** The same work, done several times. */
interface Trials {
  run(): Promise<void>
  /** Whether chance, or what happens once, is small beside what was measured. */
  enough(): boolean
  /** The fastest. */
  best(): Effort
}

function createTrials(work: () => Promise<unknown>): Trials {
  const efforts: Effort[] = []
  const spent = (): number => efforts.reduce((sum, { seconds }) => sum + seconds, 0)
  return {
    run: async () => void efforts.push(await effortOf(work)),
    enough: () => efforts.length >= MOST_RUNS || spent() >= LONG_ENOUGH,
    best: () => efforts.reduce((best, next) => (next.seconds < best.seconds ? next : best))
  }
}

async function effortOf(work: () => Promise<unknown>): Promise<Effort> {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 }
}

/** Seconds. */
const LONG_ENOUGH = 1

const MOST_RUNS = 5
