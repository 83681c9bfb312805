import { formatBandwidth } from '../benchmark/quantity.js'
import type { BenchmarkReport, BenchmarkResult } from '../benchmark/report.js'
import { formatSetting } from '../benchmark/setting.js'
import { type Column, type ColumnGroup, renderTable } from './table.js'
import { formatBytes } from './units.js'

/** A benchmark for a terminal of `width` columns. */
export function benchmarkAsText(report: BenchmarkReport, width: number): string {
  const { goal, setting, outputKeys } = report.recommendation
  const settings = { name: '  setting', cells: report.results.map(nameOf) }
  return [
    `${describeInput(report)}\n`,
    renderTable(settings, groupsOf(report.results), width),
    '* no other is both smaller and faster to compress with\n',
    `For ${goal.name} at ${formatBandwidth(goal.bandwidth)}: ${formatSetting(setting)}\n` +
      `  --output type=oci,dest=image.tar,${outputKeys}\n`
  ].join('\n')
}

function describeInput({ input, machine }: BenchmarkReport): string {
  const layers = `${input.layers} ${input.layers === 1 ? 'layer' : 'layers'} of ${formatBytes(input.size)}`
  const sample = input.sample < input.size ? `, measured on a sample of ${formatBytes(input.sample)}` : ''
  return `${layers}${sample}, ${machine.threads} threads, Node.js ${machine.node}`
}

function nameOf({ setting, onParetoFront }: BenchmarkResult): string {
  return `${onParetoFront ? '*' : ' '} ${formatSetting(setting)}`
}

function groupsOf(results: readonly BenchmarkResult[]): readonly ColumnGroup[] {
  const column = (name: string, cell: (result: BenchmarkResult) => string): Column => ({
    name,
    cells: results.map(cell)
  })
  const bandwidths = results[0]?.transfers.map(({ bandwidth }) => bandwidth) ?? []
  return [
    {
      title: '',
      columns: [column('size', ({ size }) => formatBytes(size)), column('ratio', ({ ratio }) => ratio.toFixed(2))]
    },
    {
      title: 'compression',
      columns: [
        column('MB/s', ({ compression }) => megabytes(compression.bytesPerSecond)),
        column('CPU s', ({ compression }) => seconds(compression.cpuSeconds)),
        column('memory', ({ peakMemory }) => formatBytes(peakMemory))
      ]
    },
    {
      title: 'decompression',
      columns: [
        column('MB/s', ({ decompression }) => megabytes(decompression.bytesPerSecond)),
        column('CPU s', ({ decompression }) => seconds(decompression.cpuSeconds))
      ]
    },
    ...bandwidths.map((bandwidth, at) => ({
      title: formatBandwidth(bandwidth),
      columns: [
        column('push s', ({ transfers }) => seconds(transfers[at]?.pushSeconds)),
        column('pull s', ({ transfers }) => seconds(transfers[at]?.pullSeconds))
      ]
    }))
  ]
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toString()
}

/** Three digits, as far as they tell something. */
function seconds(value = 0): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
}
