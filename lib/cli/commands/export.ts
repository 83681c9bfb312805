import { checkDestination } from '../../blob/check-destination.js'
import { explainMermaid, explainText } from '../../graph/explain.js'
import { type Plan, plan, run } from '../../graph/index.js'
import type { Receipt } from '../../stages/items.js'
import type { Invocation } from '../command.js'
import type { exportFlags } from '../commands.js'
import { destinationOf } from '../destinations.js'
import { exporterNode } from '../exporter-node.js'
import { parseOutputs } from '../outputs.js'
import { print } from '../print.js'
import { showProgress } from '../progress/index.js'
import type { Output } from '../read-output.js'
import { imageIdOf, metadataOf, summarize } from '../receipts.js'
import { readImage } from '../sources.js'
import { provideStore } from '../store.js'
import { writeFile } from '../write-file.js'

type ExportInvocation = Invocation<typeof exportFlags>

/** Exports sources to all outputs, in one pass. */
export async function exportSources({ operands, flags, signal }: ExportInvocation): Promise<void> {
  const { outputs, warnings } = await parseOutputs(flags, {
    stdoutIsTerminal: process.stdout.isTTY === true,
    sourceDateEpoch: process.env.SOURCE_DATE_EPOCH
  })
  const image = await readImage(operands, flags)
  const nodes = outputs.map((output) => exporterNode(output, image))
  for (const path of reportPaths(flags)) await checkDestination(path, 'file')
  const merged = plan(nodes)
  if (flags.explain !== null) return print(explain(merged, flags.explain))
  for (const warning of warnings) process.stderr.write(`WARNING: ${warning}\n`)
  const stop = showProgress(flags.quiet ? 'quiet' : flags.progress, merged)
  const receipts = await run(nodes, { signal, provide: provideStore(flags.store) }).finally(stop)
  await report(receipts, outputs, flags)
}

function explain(merged: Plan, form: 'text' | 'mermaid'): string {
  return form === 'mermaid' ? explainMermaid(merged) : explainText(merged)
}

function reportPaths({ metadataFile, imageIdFile }: ExportInvocation['flags']): readonly string[] {
  return [metadataFile, imageIdFile].filter((path) => path !== null)
}

async function report(
  receipts: readonly Receipt[],
  outputs: readonly Output[],
  { metadataFile, imageIdFile, quiet, progress }: ExportInvocation['flags']
): Promise<void> {
  const id = imageIdOf(receipts)
  if (metadataFile !== null) await writeFile(metadataFile, metadataOf(receipts))
  if (imageIdFile !== null && id !== null) await writeFile(imageIdFile, id)
  if (quiet && id !== null && !outputs.some((output) => destinationOf(output) === '-')) await print(`${id}\n`)
  if (!quiet && progress !== 'quiet' && progress !== 'rawjson') process.stderr.write(summarize(receipts))
}
