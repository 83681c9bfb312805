import { type Node, pipe, plan, run } from '../graph/index.js'
import type { OptionsOf } from '../options/option.js'
import { registryResource } from '../registry/client.js'
import { diff } from '../stages/diff.js'
import type { Receipt } from '../stages/items.js'
import { type Judgement, judge, PolicyError } from '../stages/judge.js'
import { type ImageSurvey, survey } from '../stages/survey.js'
import { type Caching, openCaches } from './caches.js'
import { exporterNode } from './exporter-node.js'
import type { cacheFlags, outputFlags, registryFlags, runFlags, storeFlags } from './flags.js'
import { checkAnnotated, parseOutputs } from './outputs.js'
import { policyReport, readPolicies } from './policy.js'
import { print } from './print.js'
import { showProgress } from './progress/index.js'
import { createRecorder } from './progress/recorder.js'
import { openRegistryClient } from './registry.js'
import { explain } from './report/explain.js'
import type { RequestedImage } from './sources.js'
import { provideBlocks, provideStore, storeOf } from './store.js'
import { writeFile } from './write-file.js'
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
  const exports = outputs.map((output) => exporterNode(output, image))
  const rules = await readPolicies(flags.policies)
  const nodes: readonly Node<Result>[] = [
    ...exports,
    ...(flags.reportFile === null ? [] : [pipe(image, diff(), survey())]),
    ...(rules.length === 0 ? [] : [pipe(image, diff(), judge(rules))])
  ]
  await checkReports(flags, outputs)
  const merged = plan(nodes)
  if (flags.explain !== null) return print(await explain(merged, flags.explain))
  for (const warning of warnings) process.stderr.write(`WARNING: ${warning}\n`)
  const recorder = createRecorder()
  const stop = await showProgress(flags.quiet ? 'quiet' : flags.progress, merged, [recorder])
  const client = await openRegistryClient(flags)
  const caches = caching && openCaches(caching, storeOf(flags.store), client)
  const provide = [
    ...provideStore(flags.store),
    ...(flags.withoutCache ? [] : provideBlocks(flags.store)),
    registryResource.provide(client),
    ...(caches?.provide ?? [])
  ]
  const work = async (): Promise<readonly Result[]> => {
    const results = await run(nodes, { signal, provide })
    await caches?.finish()
    return results
  }
  const results = await reportJudgement(flags.policyReport, work).finally(() => Promise.all([stop(), client.close()]))
  const receipts = results.flatMap((result) => ('exporter' in result ? [result] : []))
  const others = results.flatMap((result): readonly (ImageSurvey | Judgement)[] => ('exporter' in result ? [] : result))
  const images = others.filter((each) => 'layers' in each)
  await writeReports({ plan: merged, receipts, images, recording: recorder.recording() }, outputs, flags)
}

type Result = Receipt | readonly ImageSurvey[] | readonly Judgement[]

/** Writes what a policy found, whether the work that it judged goes on or ends with that. */
async function reportJudgement(
  path: string | null,
  work: () => Promise<readonly Result[]>
): Promise<readonly Result[]> {
  try {
    const results = await work()
    if (path !== null) await writeFile(path, policyReport([]))
    return results
  } catch (error) {
    if (path !== null && error instanceof PolicyError) await writeFile(path, policyReport(error.judgements))
    throw error
  }
}
