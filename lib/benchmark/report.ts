import type { Transfer } from './estimate.js'
import type { Goal } from './goal.js'
import type { Effort } from './measurement.js'
import type { Setting } from './setting.js'

/** What a benchmark came to. Plain data: its JSON is what `bench --json` prints. */
export interface BenchmarkReport {
  readonly input: BenchmarkInput
  readonly machine: Machine
  /** In the order in which the settings were given. */
  readonly results: readonly BenchmarkResult[]
  readonly recommendation: Recommendation
}

export interface BenchmarkInput {
  readonly layers: number
  /** Bytes of all layer tars. */
  readonly size: number
  /** Bytes that were drawn from them and compressed; `size`, if it was all. */
  readonly sample: number
}

/** Where speeds were measured. */
export interface Machine {
  readonly processor: string
  /** Compressions at a time. */
  readonly threads: number
  readonly node: string
}

export interface BenchmarkResult {
  readonly setting: Setting
  /** Compressed bytes of all layers; estimated from the sample's, where there is one. */
  readonly size: number
  /** Bytes of layer tar for each byte that is left. */
  readonly ratio: number
  /** Of what was measured. */
  readonly compression: Work
  readonly decompression: Work
  /** Bytes. */
  readonly peakMemory: number
  /** One for each bandwidth that was asked for, in that order. */
  readonly transfers: readonly Transfer[]
  /** Whether no other setting is both smaller and faster to compress with. */
  readonly onParetoFront: boolean
}

export interface Work extends Effort {
  /** Bytes of layer tar. */
  readonly bytesPerSecond: number
}

export interface Recommendation {
  readonly goal: Goal
  readonly setting: Setting
  /** What asks an output for it: "compression=zstd,compression-level=9". */
  readonly outputKeys: string
}
