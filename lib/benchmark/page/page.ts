import { formatBandwidth } from '../quantity.js'
import type { BenchmarkReport } from '../report.js'
import { formatSetting } from '../setting.js'
import { bandwidthChart, type Direction } from './bandwidth-chart.js'
import { type ChartSpec, drawChart } from './chart.js'
import { type Html, html, rawHtml } from './html.js'
import { ratioChart } from './ratio-chart.js'
import { resultsTable } from './results-table.js'
import { SCRIPT } from './script.js'
import { STYLE } from './style.js'

/** A benchmark as a page that needs nothing else: no network, no other file. `source` is what was measured. */
export async function renderPage(report: BenchmarkReport, source: string): Promise<string> {
  const ratio = await figure(ratioChart(report), RATIO_CAPTION)
  const push = await transferFigure(report, 'push', 'A push sends a layer while it is compressed.')
  const pull = await transferFigure(report, 'pull', 'A pull has all of a layer before it decompresses it.')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Compression of ${source}</title>
<style>${rawHtml(STYLE)}</style>
</head>
<body>
<main>
<h1>Compression of ${source}</h1>
${summary(report)}
<h2>Ratio against speed</h2>
${ratio}
<h2>Push time against bandwidth</h2>
${push}
<h2>Pull time against bandwidth</h2>
${pull}
<h2>Results</h2>
${resultsTable(report)}
<p class="soft">* no other is both smaller and faster to compress with. In is compressing, out is decompressing. Memory
is that of a process which does nothing but compress. CPU seconds are of the sample, where there is one; sizes and times
of pushes and pulls are of the whole.</p>
</main>
<script>${rawHtml(SCRIPT)}</script>
</body>
</html>
`.text
}

function summary({ input, machine, recommendation }: BenchmarkReport): Html {
  const { goal, setting, outputKeys } = recommendation
  const layers = `${input.layers} ${input.layers === 1 ? 'layer' : 'layers'} of ${megabytes(input.size)}`
  const sample = input.sample < input.size ? `, measured on a sample of ${megabytes(input.sample)}` : ''
  return html`<p class="soft">${layers}${sample}, on ${machine.processor} with ${machine.threads} threads and Node.js
${machine.node}</p>
<div class="advice">
<p>For <strong>${goal.name}</strong> at ${formatBandwidth(goal.bandwidth)}: <strong>${formatSetting(setting)}</strong></p>
<p><code>--output type=oci,dest=image.tar,${outputKeys}</code></p>
</div>`
}

function transferFigure(report: BenchmarkReport, direction: Direction, caption: string): Promise<Html> {
  const spec = bandwidthChart(report, direction)
  return figure(spec, `${caption} Estimated; only settings that are the best at some bandwidth, pushing or pulling.`)
}

async function figure(spec: ChartSpec, caption: string): Promise<Html> {
  const svg = rawHtml(await drawChart(spec))
  return html`<figure>
<div class="scroll" tabindex="0" role="region" aria-label="Chart">${svg}</div>
<output></output>
<figcaption>${caption}</figcaption>
</figure>`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

const RATIO_CAPTION =
  'Up is smaller, right is faster; numbers are levels. The dashed line is the Pareto front: no setting is above it. The ring is what is recommended.'
