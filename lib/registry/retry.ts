import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../errors.js'
import { RegistryError } from './problem.js'

export interface RetryPolicy {
  /** How often something is tried in all. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled for each later one, with jitter. */
  readonly delay: number
  /** Milliseconds that no wait of our own exceeds. */
  readonly longestDelay: number
  /** Milliseconds up to which a registry's Retry-After is obeyed; what asks for more is an error. */
  readonly longestRetryAfter: number
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  delay: 300,
  longestDelay: 10_000,
  longestRetryAfter: 60_000
}

/** An answer that is worth another try, and how long the registry asked to wait. */
export class TemporaryError extends RegistryError {
  readonly retryAfter: number | null

  constructor(error: RegistryError, retryAfter: number | null) {
    super(error.problem, error.status, error.reasons)
    this.name = 'RegistryError'
    this.retryAfter = retryAfter
  }
}

export interface RetryOptions {
  readonly policy: RetryPolicy
  readonly signal?: AbortSignal | undefined
  /** Hears of every wait. */
  readonly note: (message: string) => void
}

/** Runs `attempt` until it succeeds, fails for good, or has failed too often. `attempt` gets 1, 2, … */
export async function retrying<T>(options: RetryOptions, attempt: (number: number) => Promise<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!isTemporary(error) || number >= options.policy.attempts) throw error
      const delay = delayBefore(number, options.policy, error)
      if (delay === null) throw patienceEnded(error)
      options.note(`${messageOf(error)}; attempt ${number + 1} of ${options.policy.attempts} in ${delay} ms`)
      await pause(delay, options.signal)
    }
  }
}

/** Waits for so many milliseconds. Rejects with the signal's reason when that aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

export function isTemporary(error: unknown): boolean {
  return error instanceof TemporaryError || (error instanceof Error && TEMPORARY_CODES.has(codeOf(error)))
}

export function isTemporaryStatus(status: number): boolean {
  return TEMPORARY_STATUSES.has(status)
}

/** RFC 9110, 10.2.3: seconds or a date, as milliseconds from now; null where there is none that can be read. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

function delayBefore(number: number, policy: RetryPolicy, error: unknown): number | null {
  const asked = error instanceof TemporaryError ? error.retryAfter : null
  if (asked !== null && asked > policy.longestRetryAfter) return null
  const own = Math.min(policy.longestDelay, policy.delay * 2 ** (number - 1))
  return Math.round(Math.max(asked ?? 0, own * (0.5 + Math.random() / 2)))
}

function patienceEnded(error: unknown): unknown {
  if (!(error instanceof TemporaryError) || error.retryAfter === null) return error
  const advice = `try again when it wants to be asked, in ${Math.ceil(error.retryAfter / 1000)} s`
  return new RegistryError({ ...error.problem, advice }, error.status, error.reasons)
}

function codeOf(error: Error): string {
  const own = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return TEMPORARY_CODES.has(own) || !(error.cause instanceof Error) ? own : codeOf(error.cause)
}

const TEMPORARY_STATUSES = new Set([408, 425, 429, 499, 500, 502, 503, 504, 522])

// Not ECONNREFUSED and ENOTFOUND: those are wrong addresses far more often than passing trouble.
const TEMPORARY_CODES = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'HPE_INVALID_EOF_STATE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
])
