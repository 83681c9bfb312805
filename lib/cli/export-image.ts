import { resolve } from 'node:path'
import { checkDestination } from '../blob/check-destination.js'
import { UsageError } from '../errors.js'
import { explainMermaid, explainText } from '../graph/explain.js'
import { type Node, type Plan, plan, run } from '../graph/index.js'
import type { OptionsOf } from '../options/option.js'
import { registryResource } from '../registry/client.js'
import type { ImageEnd, LayerSource, Receipt } from '../stages/items.js'
import { type Caching, openCaches } from './caches.js'
import { destinationOf } from './destinations.js'
import { exporterNode } from './exporter-node.js'
import type { outputFlags, registryFlags, runFlags, storeFlags } from './flags.js'
import { parseOutputs } from './outputs.js'
import { print } from './print.js'
import { showProgress } from './progress/index.js'
import { createRecorder, type Recording } from './progress/recorder.js'
import type { Output } from './read-output.js'
import { imageIdOf, metadataOf } from './receipts.js'
import { openRegistryClient } from './registry.js'
import { chromeTrace } from './report/chrome-trace.js'
import { summarize } from './report/summary.js'
import { provideStore, storeOf } from './store.js'
import { writeFile } from './write-file.js'

/** The flags of every command that exports something. */
export type ExportFlags = OptionsOf<typeof outputFlags & typeof runFlags & typeof storeFlags & typeof registryFlags>

/**
 * Exports an image to all outputs, in one pass. `readImage` says what it is; it is asked once the outputs are known
 * to be right. `caching` says where
 * layers are cached; null is nowhere.
 */
export async function exportImage(
  flags: ExportFlags,
  signal: AbortSignal,
  readImage: () => Promise<Node<LayerSource | ImageEnd>>,
  caching: Caching | null = null
): Promise<void> {
  const { outputs, warnings } = await parseOutputs(flags, {
    stdoutIsTerminal: process.stdout.isTTY === true,
    sourceDateEpoch: process.env.SOURCE_DATE_EPOCH
  })
  const image = await readImage()
  const nodes = outputs.map((output) => exporterNode(output, image))
  await checkReports(reportPaths(flags), outputs)
  const merged = plan(nodes)
  if (flags.explain !== null) return print(explain(merged, flags.explain))
  for (const warning of warnings) process.stderr.write(`WARNING: ${warning}\n`)
  const recorder = createRecorder()
  const stop = await showProgress(flags.quiet ? 'quiet' : flags.progress, merged, [recorder])
  const client = await openRegistryClient(flags)
  const caches = caching && openCaches(caching, storeOf(flags.store), client)
  const provide = [...provideStore(flags.store), registryResource.provide(client), ...(caches?.provide ?? [])]
  const work = async (): Promise<readonly Receipt[]> => {
    const receipts = await run(nodes, { signal, provide })
    await caches?.finish()
    return receipts
  }
  const receipts = await work().finally(() => Promise.all([stop(), client.close()]))
  await report({ plan: merged, receipts, recording: recorder.recording() }, outputs, flags)
}

function explain(merged: Plan, form: 'text' | 'mermaid'): string {
  return form === 'mermaid' ? explainMermaid(merged) : explainText(merged)
}

/** Refuses, before any work, reports that can't be written and those that would replace an output. */
async function checkReports(paths: readonly string[], outputs: readonly Output[]): Promise<void> {
  const taken = outputs.map(destinationOf).flatMap((path) => (path === null || path === '-' ? [] : [resolve(path)]))
  for (const path of paths) {
    await checkDestination(path, 'file')
    if (!taken.includes(resolve(path))) continue
    throw new UsageError({
      operation: 'check report',
      subject: path,
      expected: 'a file of its own',
      found: 'an output'
    })
  }
}

function reportPaths({ metadataFile, imageIdFile, traceFile }: ExportFlags): readonly string[] {
  return [metadataFile, imageIdFile, traceFile].filter((path) => path !== null)
}

interface FinishedRun {
  readonly plan: Plan
  readonly receipts: readonly Receipt[]
  readonly recording: Recording
}

async function report(
  { plan, receipts, recording }: FinishedRun,
  outputs: readonly Output[],
  { metadataFile, imageIdFile, traceFile, quiet, progress }: ExportFlags
): Promise<void> {
  const id = imageIdOf(receipts)
  if (traceFile !== null) await writeFile(traceFile, chromeTrace(recording))
  if (metadataFile !== null) await writeFile(metadataFile, metadataOf(receipts))
  if (imageIdFile !== null && id !== null) await writeFile(imageIdFile, id)
  if (quiet && id !== null && !outputs.some((output) => destinationOf(output) === '-')) await print(`${id}\n`)
  if (!quiet && progress !== 'quiet' && progress !== 'rawjson')
    process.stderr.write(summarize(plan, receipts, recording))
}
