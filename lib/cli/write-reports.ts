import { lstat, realpath, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkDestination } from '../blob/check-destination.js'
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
    if (!(await isDevice(path))) taken.set(resolve(path), 'another report')
  }
}

/** Whether it is one that takes what several write. */
async function isDevice(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found !== null && !found.isFile()
}

/**
 * Removes the image ID of an earlier run: a run that fails, or makes no image, is not to leave one that is not its own.
 * A link stays, and leads to an empty file until there is another ID.
 */
export async function removeOldImageId({ imageIdFile }: ExportFlags): Promise<void> {
  if (imageIdFile === null || isOfSystem(imageIdFile) || (await isDevice(imageIdFile))) return
  const found = await lstat(imageIdFile).catch(() => null)
  if (!found?.isSymbolicLink()) return writing('remove', imageIdFile, () => rm(imageIdFile, { force: true }))
  const target = await realpath(imageIdFile).catch(() => null)
  if (target !== null) await writeFile(target, '')
}

/** Behind `/dev/stdout` there may be a file that a shell has opened. */
function isOfSystem(path: string): boolean {
  return resolve(path).startsWith('/dev/')
}

function reportPaths(flags: ExportFlags): readonly string[] {
  const { metadataFile, imageIdFile, traceFile, reportFile, policyReport } = flags
  return [metadataFile, imageIdFile, traceFile, reportFile, policyReport].filter((path) => path !== null)
}

/** Writes the report and the trace that the flags ask for, also those of a run that failed. */
export async function writeRecords(run: FinishedRun, { traceFile, reportFile }: ExportFlags): Promise<void> {
  if (reportFile !== null) await writeFile(reportFile, await renderReport(run))
  if (traceFile !== null) await writeTrace(traceFile, run)
}

/** Writes what the flags want to know of what was made, and sums the run up on standard error. */
export async function writeReports(run: FinishedRun, outputs: readonly Output[], flags: ExportFlags): Promise<void> {
  const { metadataFile, imageIdFile, quiet, progress } = flags
  const id = imageIdOf(run.receipts)
  if (metadataFile !== null) await writeFile(metadataFile, metadataOf(run.receipts))
  if (imageIdFile !== null && id !== null) await writeFile(imageIdFile, id)
  if (quiet && id !== null && !outputs.some((output) => destinationOf(output) === '-')) await print(`${id}\n`)
  if (!quiet && progress !== 'quiet' && progress !== 'rawjson') process.stderr.write(summarize(run))
}

/** Loaded where it is asked for, because Graphviz comes with it. */
async function renderReport(run: FinishedRun): Promise<string> {
  const { renderRunPage } = await import('./report/run-page.js')
  return renderRunPage(run)
}

async function writeTrace(path: string, { recording }: FinishedRun): Promise<void> {
  const { chromeTrace } = await import('./report/chrome-trace.js')
  await writeFile(path, chromeTrace(recording))
}
