import { debuglog } from 'node:util'
import { ClosedOutputError, messageOf } from '../errors.js'

/** Tells what went wrong on standard error, in one line; with stacks where NODE_DEBUG has layerpipe. */
export function reportError(error: unknown): void {
  if (error instanceof ClosedOutputError) return
  process.stderr.write(`layerpipe: ${messageOf(error) || 'failed for no reason given'}\n`)
  if (debuglog('layerpipe').enabled) process.stderr.write(`${stackOf(error)}\n`)
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`
}
