import { freeMemory } from '../build/free-memory.js'
import { messageOf } from '../errors.js'
import { type Node, type Plan, plan, run } from '../graph/index.js'
import { foresight } from '../stages/foresight.js'
import type { Receipt } from '../stages/items.js'
import { cachingNode, exporterNode } from './exporter-node.js'
import type { ExportFlags } from './flags.js'
import { collectGarbage, letHeapGrowForCopies } from './lean-heap.js'
import { type Observation, observersOf } from './observers.js'
import { checkAnnotated, parseOutputs } from './outputs.js'
import { print } from './print.js'
import { chooseProgress, showProgress } from './progress/index.js'
import { createRecorder } from './progress/recorder.js'
import { openProvisions } from './provisions.js'
import type { ExplainForm } from './report/explain-forms.js'
import type { FinishedRun } from './report/finished-run.js'
import { reportError } from './report-error.js'
import type { Caching } from './shared-caches.js'
import type { RequestedImage } from './sources.js'
import { checkReports, removeOldImageId, writeRecords, writeReports } from './write-reports.js'

/** What is exported. */
export interface ExportRequest {
  /** What the whole is called: "Building". */
  readonly work: string
  /** Says what the image is; asked once the outputs are known to be right. */
  readonly readImage: () => Promise<RequestedImage>
  /** SOURCE_DATE_EPOCH, for the outputs that do not say otherwise. */
  readonly sourceDateEpoch: string | undefined
  /** Where layers are cached; null is nowhere. */
  readonly caching: Caching | null
}

/** Exports an image to all outputs, in one pass. */
export async function exportImage(
  { work, readImage, sourceDateEpoch, caching }: ExportRequest,
  flags: ExportFlags,
  signal: AbortSignal
): Promise<void> {
  const { outputs, warnings } = await parseOutputs(flags, {
    stdoutIsTerminal: process.stdout.isTTY === true,
    sourceDateEpoch
  })
  const { node: image, platforms, forCaches } = await readImage()
  if (platforms) checkAnnotated(outputs, platforms)
  const exports = await Promise.all(outputs.map((output) => exporterNode(output, image)))
  const asked: readonly Node<Result>[] = [...exports, ...(await observersOf(image, flags))]
  const spare = forCaches ? await Promise.all(outputs.map((output) => cachingNode(output, forCaches))) : []
  const nodes = [...asked, ...spare]
  await checkReports(flags, outputs)
  const merged = plan(nodes)
  if (flags.explain !== null) return printPlan(merged, flags.explain)
  await removeOldImageId(flags)
  for (const warning of warnings) process.stderr.write(`WARNING: ${warning}\n`)
  letHeapGrowForCopies(merged)
  const progress = flags.quiet ? 'quiet' : chooseProgress(flags.progress)
  const recorder = createRecorder()
  const { warn, stop } = await showProgress(progress, merged, work, [recorder])
  const provisions = await openProvisions(flags, caching, warn)
  const provide = [...provisions.provide, foresight.provide(progress === 'tty'), freeMemory.provide(collectGarbage)]
  const runAll = async (): Promise<readonly Result[]> => {
    const results = await run(nodes, { signal, provide })
    await provisions.finish()
    return results.slice(0, asked.length)
  }
  const ended = (results: readonly Result[], failure: string | null): FinishedRun => {
    return { plan: merged, recording: recorder.recording(), failure, ...sortResults(results) }
  }
  const results = await judged(flags.policyReport, runAll, signal)
    .finally(() => Promise.all([stop(), provisions.close()]))
    .catch(async (error: unknown) => {
      await writeRecords(ended([], messageOf(error)), flags, signal).catch((failure: unknown) => {
        if (failure !== error) reportError(failure) // what failed first is what is thrown
      })
      throw error
    })
  const finished = ended(results, null)
  await writeRecords(finished, flags, signal)
  await writeReports(finished, outputs, flags, signal)
}

function sortResults(results: readonly Result[]): Pick<FinishedRun, 'receipts' | 'images'> {
  const receipts = results.flatMap((result) => ('exporter' in result ? [result] : []))
  const others = results.flatMap((result): readonly Observation[number][] => ('exporter' in result ? [] : result))
  return { receipts, images: others.filter((each) => 'layers' in each) }
}

type Result = Receipt | Observation

async function printPlan(merged: Plan, form: ExplainForm): Promise<void> {
  const { explain } = await import('./report/explain.js')
  await print(await explain(merged, form))
}

/** Does the work, and writes what policies found where that was asked for. */
async function judged<T>(report: string | null, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (report === null) return work()
  const { reportJudgement } = await import('./policy-report.js')
  return reportJudgement(report, work, signal)
}
