import { estimateTransfer, type TransferFacts } from './estimate.js'
import { findBest, type Goal } from './goal.js'
import type { Measurement } from './measurement.js'
import { findParetoFront } from './pareto.js'
import type { BenchmarkInput, BenchmarkReport, Machine } from './report.js'
import { outputKeysOf } from './setting.js'

/** What is to be made of measurements. */
export interface Evaluation {
  readonly input: BenchmarkInput
  readonly machine: Machine
  /** Bits per second. */
  readonly bandwidths: readonly number[]
  readonly goal: Goal
}

/** Measurements of a sample as figures for the whole, compared with each other. There is at least one. */
export function evaluate(measurements: readonly Measurement[], evaluation: Evaluation): BenchmarkReport {
  const { input, machine, bandwidths, goal } = evaluation
  const front = findParetoFront(measurements.map(({ size, compression: { seconds } }) => ({ size, seconds })))
  const candidates = measurements.map((measurement) => ({ ...measurement, ...factsOf(measurement, input) }))
  const results = candidates.map((candidate, at) => ({
    setting: candidate.setting,
    size: candidate.size,
    ratio: input.size / candidate.size,
    compression: { ...candidate.compression, bytesPerSecond: candidate.compressionSpeed },
    decompression: { ...candidate.decompression, bytesPerSecond: candidate.decompressionSpeed },
    peakMemory: candidate.peakMemory,
    transfers: bandwidths.map((bandwidth) => estimateTransfer(candidate, bandwidth)),
    onParetoFront: front[at] ?? false
  }))
  const { setting } = findBest(goal, candidates)
  return { input, machine, results, recommendation: { goal, setting, outputKeys: outputKeysOf(setting) } }
}

function factsOf({ size, compression, decompression }: Measurement, input: BenchmarkInput): TransferFacts {
  return {
    tarSize: input.size,
    size: Math.round((size / input.sample) * input.size),
    compressionSpeed: input.sample / compression.seconds,
    decompressionSpeed: input.sample / decompression.seconds
  }
}
