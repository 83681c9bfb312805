import { formatBandwidth } from '../benchmark/quantity.js'
import type { BenchmarkReport, BenchmarkResult } from '../benchmark/report.js'
import { formatSetting } from '../benchmark/setting.js'

/** One line for each setting, below one with names; sizes are bytes and times seconds. Nothing in it needs quotes. */
export function benchmarkAsCsv({ results, recommendation }: BenchmarkReport): string {
  const recommended = formatSetting(recommendation.setting)
  const rows = results.map((result) => recordOf(result, recommended))
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
  return lines.map((line) => `${line.join(',')}\n`).join('')
}

function recordOf(result: BenchmarkResult, recommended: string): Readonly<Record<string, string | number | boolean>> {
  const { setting, size, ratio, compression, decompression, peakMemory, onParetoFront } = result
  return {
    codec: setting.codec,
    level: setting.level ?? '',
    size,
    ratio,
    compression_bytes_per_second: compression.bytesPerSecond,
    compression_cpu_seconds: compression.cpuSeconds,
    decompression_bytes_per_second: decompression.bytesPerSecond,
    decompression_cpu_seconds: decompression.cpuSeconds,
    peak_memory: peakMemory,
    ...Object.fromEntries(
      result.transfers.flatMap(({ bandwidth, pushSeconds, pullSeconds }) => [
        [`push_seconds_${formatBandwidth(bandwidth)}`, pushSeconds],
        [`pull_seconds_${formatBandwidth(bandwidth)}`, pullSeconds]
      ])
    ),
    on_pareto_front: onParetoFront,
    recommended: formatSetting(setting) === recommended
  }
}
