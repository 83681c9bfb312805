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

/** The fastest of several runs: whatever else a machine does can only make one slower. */
async function measure(request: MeasureRequest): Promise<Measurement> {
  await compressFile(request.warmUp, request.output, request.setting)
  let best = await measureOnce(request)
  let spent = best.compression.seconds
  for (let runs = 1; runs < MOST_RUNS && spent < LONG_ENOUGH; runs += 1) {
    const next = await measureOnce(request)
    spent += next.compression.seconds
    const compression = faster(best.compression, next.compression)
    best = { ...best, compression, decompression: faster(best.decompression, next.decompression) }
  }
  return best
}

async function measureOnce({ setting, layers, output }: MeasureRequest): Promise<Measurement> {
  let size = 0
  let compression: Effort = { seconds: 0, cpuSeconds: 0 }
  let decompression: Effort = compression
  let peak = 0
  for (const layer of layers) {
    compression = add(compression, await effortOf(async () => (size += await compressFile(layer, output, setting))))
    peak = peakMemory() // decompression comes after, and is not to count
    decompression = add(decompression, await effortOf(() => decompressFile(output, setting)))
  }
  return { setting, size, compression, decompression, peakMemory: peak }
}

async function effortOf(work: () => Promise<unknown>): Promise<Effort> {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 }
}

function add(left: Effort, right: Effort): Effort {
  return { seconds: left.seconds + right.seconds, cpuSeconds: left.cpuSeconds + right.cpuSeconds }
}

function faster(one: Effort, other: Effort): Effort {
  return other.seconds < one.seconds ? other : one
}

/** Seconds of compression after which chance is small beside what is measured. */
const LONG_ENOUGH = 1

const MOST_RUNS = 5
