import { type BenchmarkOptions, benchmarkNode } from '../../benchmark/benchmark.js'
import { parseGoal } from '../../benchmark/goal.js'
import { parseSettings } from '../../benchmark/parse-settings.js'
import { parseBandwidth, parseSize } from '../../benchmark/quantity.js'
import type { BenchmarkReport } from '../../benchmark/report.js'
import { checkDestination } from '../../blob/check-destination.js'
import { UsageError } from '../../errors.js'
import { type Node, plan, run } from '../../graph/index.js'
import type { OptionsOf } from '../../options/option.js'
import { registryResource } from '../../registry/client.js'
import type { benchFlags } from '../bench-flags.js'
import { benchmarkAsCsv } from '../benchmark-csv.js'
import { benchmarkAsText } from '../benchmark-table.js'
import type { Invocation } from '../command.js'
import { print } from '../print.js'
import { chooseProgress, showProgress } from '../progress/index.js'
import { openRegistryClient } from '../registry.js'
import { readImage } from '../sources.js'
import { writeFile } from '../write-file.js'

type BenchFlags = OptionsOf<typeof benchFlags>

/** Measures settings on a source, prints what they came to, and writes a page about it where one is wanted. */
export async function benchSource({ operands, flags, signal }: Invocation<typeof benchFlags>): Promise<void> {
  const options = readOptions(flags)
  if (flags.json && flags.csv) throw twoForms()
  const { node: image } = await readImage(operands, { ...flags, base: null, diff: false, changes: [], labels: [] })
  if (flags.report !== null) await checkDestination(flags.report, 'file')
  const report = await measureImage(benchmarkNode(image, options), flags, signal)
  if (flags.report !== null) await writeFile(flags.report, await pageOf(report, operands[0] ?? ''), signal)
  await print(render(report, flags))
}

function readOptions({ settings, sample, bandwidths, goal }: BenchFlags): BenchmarkOptions {
  const rates = bandwidths.map(parseBandwidth)
  return {
    ...(settings !== null && { settings: parseSettings(settings) }),
    sample: sample === 'all' ? null : parseSize(sample),
    bandwidths: rates,
    goal: parseGoal(goal, rates[0])
  }
}

async function measureImage(node: Node<BenchmarkReport>, flags: BenchFlags, signal: AbortSignal) {
  const client = await openRegistryClient(flags)
  const { stop } = await showProgress(chooseProgress(flags.progress), plan([node]), 'Measuring')
  const provide = [registryResource.provide(client)]
  const [report] = await run([node], { signal, provide }).finally(() => Promise.all([stop(), client.close()]))
  return report as BenchmarkReport // the last item of the one node
}

/** What draws charts is loaded only here: it takes a second. */
async function pageOf(report: BenchmarkReport, source: string): Promise<string> {
  const { renderPage } = await import('../../benchmark/page/page.js')
  return renderPage(report, source)
}

function render(report: BenchmarkReport, { json, csv }: BenchFlags): string {
  if (json) return `${JSON.stringify(report, null, 2)}\n`
  return csv ? benchmarkAsCsv(report) : benchmarkAsText(report, process.stdout.columns ?? 80)
}

function twoForms(): UsageError {
  return new UsageError({
    operation: 'read command line',
    subject: 'bench',
    expected: '--json or --csv',
    found: 'both'
  })
}
