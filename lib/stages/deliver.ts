import type { Writable } from 'node:stream'
import { createPendingFile } from '../blob/pending-file.js'
import { UsageError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { countBytes } from '../streams/count.js'
import { flow } from '../streams/flow.js'
import { approved, holdUntilApproved } from './approval.js'
import { standardOutput, writeStandardOutput } from './standard-output.js'

/** Where the bytes of an exporter go. */
export interface Destination {
  readonly exporter: string
  /** A file, or `-` for standard output. */
  readonly destination: string
}

/** What was delivered. */
export interface Delivery {
  readonly bytes: number
  /** The fingerprint of the file that holds them; null where it is none, or has been touched meanwhile. */
  readonly file: string | null
}

/**
 * Runs the bytes that come out of the streams that `open` makes to a destination, where they are given back, and says
 * what became of them. A file is complete or absent. Nothing is opened before the destination is ready. `expected` is
 * their number, where it is known.
 */
export async function deliver(
  open: () => readonly unknown[],
  to: Destination,
  context: Context,
  expected?: number
): Promise<Delivery> {
  let total = 0
  const count = countBytes((bytes) => {
    total += bytes
    context.progress(bytes, expected)
  })
  const run = (end: readonly Writable[]): Promise<void> => flow([...open(), count, ...end], context.signal)
  if (to.destination !== '-') {
    const file = await deliverToFile(run, to.destination, context)
    return { bytes: total, file }
  }
  await run([...holdUntilApproved(context), writeStandardOutput(context.resource(standardOutput))])
  return { bytes: total, file: null }
}

async function deliverToFile(
  run: (end: readonly Writable[]) => Promise<void>,
  destination: string,
  context: Context
): Promise<string | null> {
  const file = await createPendingFile(destination, { signal: context.signal })
  try {
    await run([file.writable()])
    await approved(context)
    return await file.commit()
  } finally {
    await file.abandon()
  }
}

/** @throws UsageError where an archive would be written to a terminal */
export function refuseTerminal({ exporter, destination }: Destination, context: Context): void {
  if (destination !== '-' || !context.resource(standardOutput).isTTY) return
  throw new UsageError({
    operation: `dest file is required for ${exporter} exporter. refusing to write to console`,
    subject: ''
  })
}
