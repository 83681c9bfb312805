import { formatBandwidth } from '../quantity.js'
import type { BenchmarkReport, BenchmarkResult } from '../report.js'
import { formatSetting } from '../setting.js'
import { type Html, html } from './html.js'

/** All results as a table that can be sorted by any column. */
export function resultsTable({ results, recommendation }: BenchmarkReport): Html {
  const columns = columnsOf(results)
  const best = formatSetting(recommendation.setting)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Results">
<table>
<thead><tr><th scope="col" aria-sort="ascending"><button>setting</button></th>${columns.map(headOf)}</tr></thead>
<tbody>
${results.map((result, at) => rowOf(result, at, columns, best))}</tbody>
</table>
</div>`
}

interface PageColumn {
  readonly name: string
  readonly unit: string
  readonly value: (result: BenchmarkResult) => number
  readonly digits: number
}

function headOf({ name, unit }: PageColumn): Html {
  return html`<th scope="col"><button>${name}</button><small>${unit}</small></th>`
}

function rowOf(result: BenchmarkResult, at: number, columns: readonly PageColumn[], best: string): Html {
  const name = formatSetting(result.setting)
  const classes = [result.onParetoFront && 'front', name === best && 'best'].filter(Boolean).join(' ')
  const cells = columns.map(({ value, digits }) => {
    const number = value(result)
    return html`<td data-value="${number}">${number.toFixed(digits)}</td>`
  })
  const mark = result.onParetoFront ? ' *' : ''
  return html`<tr class="${classes}"><td data-value="${at}">${name}${mark}</td>${cells}</tr>
`
}

function columnsOf(results: readonly BenchmarkResult[]): readonly PageColumn[] {
  const bandwidths = results[0]?.transfers.map(({ bandwidth }) => bandwidth) ?? []
  return [
    { name: 'size', unit: 'MB', value: ({ size }) => size / 1e6, digits: sizeDigits(results) },
    { name: 'ratio', unit: 'to 1', value: ({ ratio }) => ratio, digits: 2 },
    { name: 'in', unit: 'MB/s', value: ({ compression }) => compression.bytesPerSecond / 1e6, digits: 0 },
    { name: 'CPU in', unit: 's', value: ({ compression }) => compression.cpuSeconds, digits: 2 },
    { name: 'memory', unit: 'MB', value: ({ peakMemory }) => peakMemory / 1e6, digits: 0 },
    { name: 'out', unit: 'MB/s', value: ({ decompression }) => decompression.bytesPerSecond / 1e6, digits: 0 },
    { name: 'CPU out', unit: 's', value: ({ decompression }) => decompression.cpuSeconds, digits: 2 },
    ...bandwidths.flatMap((bandwidth, at) => [
      transferColumn('push', bandwidth, (result) => result.transfers[at]?.pushSeconds),
      transferColumn('pull', bandwidth, (result) => result.transfers[at]?.pullSeconds)
    ])
  ]
}

/** As many behind the point as it takes to tell the smallest size, in MB, by three digits. */
function sizeDigits(results: readonly BenchmarkResult[]): number {
  const smallest = Math.min(...results.map(({ size }) => size / 1e6))
  return Math.max(1, 2 - Math.floor(Math.log10(smallest)))
}

function transferColumn(
  name: string,
  bandwidth: number,
  seconds: (result: BenchmarkResult) => number | undefined
): PageColumn {
  return { name, unit: `s, ${formatBandwidth(bandwidth)}`, value: (result) => seconds(result) ?? 0, digits: 2 }
}
