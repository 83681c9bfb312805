import { type Node, type Plan, plan, run } from '../graph/index.js'
import type { OptionsOf } from '../options/option.js'
import type { Receipt } from '../stages/items.js'
import type { Caching } from './caches.js'
import { exporterNode } from './exporter-node.js'
import type { cacheFlags, outputFlags, registryFlags, runFlags, storeFlags } from './flags.js'
import { letHeapGrowForCopies } from './lean-heap.js'
import { type Observation, observersOf } from './observers.js'
import { checkAnnotated, parseOutputs } from './outputs.js'
import { print } from './print.js'
import { showProgress } from './progress/index.js'
import { createRecorder } from './progress/recorder.js'
import { openProvisions } from './provisions.js'
import type { ExplainForm } from './report/explain-forms.js'
import type { RequestedImage } from './sources.js'
import { checkReports, writeReports } from './write-reports.js'

/** The flags of every command that exports something. */
export type ExportFlags = OptionsOf<
  typeof cacheFlags & typeof outputFlags & typeof runFlags & typeof storeFlags & typeof registryFlags
>

/**
 * Exports an image to all outputs, in one pass. `readImage` says what it is; it is asked once the outputs are known
 * to be right. `caching` says where layers are cached; null is nowhere.
 */
export async function exportImage(
  flags: ExportFlags,
  signal: AbortSignal,
  readImage: () => Promise<RequestedImage>,
  caching: Caching | null = null
): Promise<void> {
  const { outputs, warnings } = await parseOutputs(flags, {
    stdoutIsTerminal: process.stdout.isTTY === true,
    sourceDateEpoch: process.env.SOURCE_DATE_EPOCH
  })
  const { node: image, platforms } = await readImage()
  if (platforms) checkAnnotated(outputs, platforms)
  const exports = await Promise.all(outputs.map((output) => exporterNode(output, image)))
  const nodes: readonly Node<Result>[] = [...exports, ...(await observersOf(image, flags))]
  await checkReports(flags, outputs)
  const merged = plan(nodes)
  if (flags.explain !== null) return printPlan(merged, flags.explain)
  for (const warning of warnings) process.stderr.write(`WARNING: ${warning}\n`)
  letHeapGrowForCopies(merged)
  const recorder = createRecorder()
  const stop = await showProgress(flags.quiet ? 'quiet' : flags.progress, merged, [recorder])
  const provisions = await openProvisions(flags, caching)
  const work = async (): Promise<readonly Result[]> => {
    const results = await run(nodes, { signal, provide: provisions.provide })
    await provisions.finish()
    return results
  }
  const results = await judged(flags.policyReport, work).finally(() => Promise.all([stop(), provisions.close()]))
  const receipts = results.flatMap((result) => ('exporter' in result ? [result] : []))
  const others = results.flatMap((result): readonly Observation[number][] => ('exporter' in result ? [] : result))
  const images = others.filter((each) => 'layers' in each)
  await writeReports({ plan: merged, receipts, images, recording: recorder.recording() }, outputs, flags)
}

type Result = Receipt | Observation

async function printPlan(merged: Plan, form: ExplainForm): Promise<void> {
  const { explain } = await import('./report/explain.js')
  await print(await explain(merged, form))
}

/** Does the work, and writes what policies found where that was asked for. */
async function judged<T>(report: string | null, work: () => Promise<T>): Promise<T> {
  if (report === null) return work()
  const { reportJudgement } = await import('./policy-report.js')
  return reportJudgement(report, work)
}
