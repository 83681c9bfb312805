import { lstat, realpath, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkDestination } from '../blob/check-destination.js'
import { openDescriptorOf } from '../blob/open-descriptor.js'
import { writing } from '../blob/output-problem.js'
import { UsageError } from '../errors.js'
import { destinationOf } from './destinations.js'
import type { ExportFlags } from './flags.js'
import { print } from './print.js'
import type { Output } from './read-output.js'
import { imageIdOf, metadataOf } from './receipts.js'
import type { FinishedRun } from './report/finished-run.js'
import { summarize } from './report/summary.js'
import { writeFile } from './write-file.js'

/** Refuses, before any work, reports that can't be written and those that would replace an output or each other. */
export async function checkReports(flags: ExportFlags, outputs: readonly Output[]): Promise<void> {
  const destinations = outputs.map(destinationOf).flatMap((path) => (path === null || path === '-' ? [] : [path]))
  const taken = new Map(destinations.map((path) => [resolve(path), 'an output']))
  for (const path of reportPaths(flags)) {
    await checkDestination(path, 'file')
    const found = taken.get(resolve(path))
    if (found !== undefined) {
      throw new UsageError({ operation: 'check report', subject: path, expected: 'a file of its own', found })
    }
    if (!(await takesSeveral(path))) taken.set(resolve(path), 'another report')
  }
}

/** Whether what is written there follows on what was: a pipe, a device, or a file that a shell has opened. */
async function takesSeveral(path: string): Promise<boolean> {
  if (openDescriptorOf(path) !== null) return true
  const found = await stat(path).catch(() => null)
  return found !== null && !found.isFile()
}

/**
 * Removes the image ID of an earlier run: a run that fails, or makes no image, is not to leave one that is not its own.
 * A link stays, and leads to an empty file until there is another ID.
 */
export async function removeOldImageId({ imageIdFile }: ExportFlags): Promise<void> {
  if (imageIdFile === null || (await takesSeveral(imageIdFile))) return
  const found = await lstat(imageIdFile).catch(() => null)
  if (!found?.isSymbolicLink()) return writing('remove', imageIdFile, () => rm(imageIdFile, { force: true }))
  const target = await realpath(imageIdFile).catch(() => null)
  if (target !== null) await writeFile(target, '')
}

function reportPaths(flags: ExportFlags): readonly string[] {
  const { metadataFile, imageIdFile, traceFile, reportFile, policyReport } = flags
  return [metadataFile, imageIdFile, traceFile, reportFile, policyReport].filter((path) => path !== null)
}

/** Writes the report and the trace that the flags ask for, also those of a run that failed. */
export async function writeRecords(
  run: FinishedRun,
  { traceFile, reportFile }: ExportFlags,
  signal: AbortSignal
): Promise<void> {
  if (reportFile !== null) await writeFile(reportFile, await renderReport(run), signal)
  if (traceFile !== null) await writeFile(traceFile, await renderTrace(run), signal)
}

/** Writes what the flags want to know of what was made, and sums the run up on standard error. */
export async function writeReports(
  run: FinishedRun,
  outputs: readonly Output[],
  flags: ExportFlags,
  signal: AbortSignal
): Promise<void> {
  const { metadataFile, imageIdFile, quiet, progress } = flags
  const id = imageIdOf(run.receipts)
  if (metadataFile !== null) await writeFile(metadataFile, metadataOf(run.receipts), signal)
  if (imageIdFile !== null && id !== null) await writeFile(imageIdFile, id, signal)
  if (quiet && id !== null && !outputs.some((output) => destinationOf(output) === '-')) await print(`${id}\n`)
  if (!quiet && progress !== 'quiet' && progress !== 'rawjson') process.stderr.write(summarize(run))
}

/** Loaded where it is asked for, because Graphviz comes with it. */
async function renderReport(run: FinishedRun): Promise<string> {
  const { renderRunPage } = await import('./report/run-page.js')
  return renderRunPage(run)
}

async function renderTrace({ recording }: FinishedRun): Promise<string> {
  const { chromeTrace } = await import('./report/chrome-trace.js')
  return chromeTrace(recording)
}
