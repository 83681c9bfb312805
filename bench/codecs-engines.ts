import { gzipSync } from 'node:zlib'
import { deflate } from 'libdeflate'
import { createDeflater } from '../lib/codec/libdeflate.js'
import { median } from './measure.js'

/** One engine at one level, on one core: relative to Node's zlib at level 6. */
export interface EngineRow {
  readonly engine: string
  readonly level: number
  readonly cpu: number
  readonly size: number
}

interface Engine {
  readonly name: string
  readonly levels: readonly number[]
  readonly compress: (block: Buffer, level: number) => Uint8Array
}

const ENGINES: readonly Engine[] = [
  { name: 'zlib of Node', levels: [6, 1, 9], compress: (block, level) => gzipSync(block, { level, memLevel: 9 }) },
  { name: 'libdeflate of npm', levels: [2, 6], compress: (block, level) => deflate(block, level) },
  { name: 'libdeflate', levels: [1, 2, 3, 4, 5, 6, 7, 8, 9], compress: createDeflater().deflate }
]

/** Compresses the blocks with each engine and level in turn, `runs` times, and gives the medians. */
export function compareEngines(blocks: readonly Buffer[], runs: number): readonly EngineRow[] {
  const contestants = ENGINES.flatMap((engine) => engine.levels.map((level) => ({ engine, level })))
  const results = contestants.map(() => ({ cpu: [] as number[], size: 0 }))
  for (let turn = 0; turn <= runs; turn += 1) {
    contestants.forEach(({ engine, level }, index) => {
      const before = process.cpuUsage()
      const size = blocks.reduce((total, block) => total + engine.compress(block, level).length, 0)
      const { user, system } = process.cpuUsage(before)
      if (turn > 0) results[index]?.cpu.push(user + system)
      if (results[index]) results[index].size = size
    })
  }
  const reference = { cpu: median(results[0]?.cpu ?? []), size: results[0]?.size ?? 1 }
  return contestants.map(({ engine, level }, index) => ({
    engine: engine.name,
    level,
    cpu: median(results[index]?.cpu ?? []) / reference.cpu,
    size: (results[index]?.size ?? 0) / reference.size
  }))
}
