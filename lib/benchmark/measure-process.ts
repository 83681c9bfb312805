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
  await compressFile(request.warmUp.tar, request.warmUp.output, request.setting)
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

/** The peak is that of compression only in the first run: what decompresses comes after it, and is not to count. */
async function measureOnce({ setting, layers }: MeasureRequest): Promise<Measurement> {
  let size = 0
  const compression = await effortOf(async () => {
    for (const { tar, output } of layers) size += await compressFile(tar, output, setting)
  })
  const peak = peakMemory()
  const decompression = await effortOf(async () => {
    for (const { output } of layers) await decompressFile(output, setting)
  })
  return { setting, size, compression, decompression, peakMemory: peak }
}

async function effortOf(work: () => Promise<unknown>): Promise<Effort> {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 }
}

function faster(one: Effort, other: Effort): Effort {
  return other.seconds < one.seconds ? other : one
}

/** Seconds of compression after which chance is small beside what is measured. */
const LONG_ENOUGH = 1

const MOST_RUNS = 5
