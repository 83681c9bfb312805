import { estimateTransfer, type TransferFacts } from '../estimate.js'
import { formatBandwidth } from '../quantity.js'
import type { BenchmarkInput, BenchmarkReport, BenchmarkResult } from '../report.js'
import { formatSetting } from '../setting.js'
import type { ChartSpec } from './chart.js'
import { seriesColor } from './palette.js'

export type Direction = 'push' | 'pull'

/**
 * How long a push or a pull takes, against bandwidth, with those settings that are the best at some bandwidth, pushing
 * or pulling: the same lines for both.
 */
export function bandwidthChart(report: BenchmarkReport, direction: Direction): ChartSpec {
  const best = namesOfBest(report)
  const points = pointsOf(report, direction).flat()
  const domain = report.results.map(({ setting }) => formatSetting(setting)).filter((name) => best.has(name))
  const legend = { symbolSize: 600, symbolStrokeWidth: 2 }
  return {
    width: 660,
    height: 260,
    data: { values: points.filter(({ name }) => best.has(name)) },
    mark: { type: 'line', strokeWidth: 2 },
    encoding: {
      x: {
        field: 'bandwidth',
        type: 'quantitative',
        scale: { type: 'log' },
        axis: { values: [...TICKS], labelExpr: labelExpression(), title: 'bandwidth' }
      },
      y: { field: 'seconds', type: 'quantitative', scale: { type: 'log' }, title: `${direction}, seconds` },
      color: { field: 'name', scale: { domain, range: domain.map((_, at) => seriesColor(at)) }, title: null, legend },
      strokeDash: { field: 'name', scale: { domain, range: domain.map((_, at) => dashOf(at)) }, title: null, legend }
    }
  }
}

interface Point {
  readonly name: string
  readonly bandwidth: number
  readonly seconds: number
}

/** The points of each setting's line. */
function pointsOf({ results, input }: BenchmarkReport, direction: Direction): readonly (readonly Point[])[] {
  return results.map((result) => {
    const facts = factsOf(result, input)
    const name = formatSetting(result.setting)
    return BANDWIDTHS.map((bandwidth) => {
      const { pushSeconds, pullSeconds } = estimateTransfer(facts, bandwidth)
      return { name, bandwidth, seconds: direction === 'push' ? pushSeconds : pullSeconds }
    })
  })
}

function factsOf({ size, compression, decompression }: BenchmarkResult, input: BenchmarkInput): TransferFacts {
  const speeds = { compressionSpeed: compression.bytesPerSecond, decompressionSpeed: decompression.bytesPerSecond }
  return { tarSize: input.size, size, ...speeds }
}

/** The settings that no other beats at one bandwidth at least. */
function namesOfBest(report: BenchmarkReport): ReadonlySet<string> {
  const all = [pointsOf(report, 'push'), pointsOf(report, 'pull')]
  return new Set(
    all.flatMap((lines) =>
      BANDWIDTHS.map((_, at) => {
        const points = lines.flatMap((line) => line[at] ?? [])
        return points.reduce((best, point) => (point.seconds < best.seconds ? point : best)).name
      })
    )
  )
}

/** From a slow line to a fast data centre, in bits per second. */
const TICKS: readonly number[] = [10e6, 100e6, 1e9, 10e9]

const STEPS_PER_DECADE = 20

const BANDWIDTHS: readonly number[] = Array.from(
  { length: (TICKS.length - 1) * STEPS_PER_DECADE + 1 },
  (_, step) => 10e6 * 10 ** (step / STEPS_PER_DECADE)
)

const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [10, 3, 2, 3],
  [12, 4],
  [4, 6],
  [8, 2, 2, 2, 2, 2],
  [1, 4]
]

/** Of the line with that index: no two neighbours look alike without their colours. */
function dashOf(index: number): number[] {
  return [...(DASHES[index % DASHES.length] ?? [])]
}

function labelExpression(): string {
  return TICKS.reduceRight((rest, tick) => `datum.value == ${tick} ? '${formatBandwidth(tick)}' : ${rest}`, "''")
}
