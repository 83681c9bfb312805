import { codeOf, OutputError } from '../../errors.js'
import { noteChannel } from '../../trace.js'
import { type Quirk, Refusal, replyOf } from './exchange.js'

/**
 * Answers what a handler refuses with why, and what failed for reasons of the server's own with 500, or 507 where there
 * is no space left. The operator hears of the latter. A connection that broke is thrown on: nobody waits for an answer.
 */
export const answerFailures: Quirk = async (request, next) => {
  try {
    return await next(request)
  } catch (error) {
    if (error instanceof Refusal) return replyOf(error)
    if (request.body.readableAborted) throw error
    noteFailure(`${request.method} ${request.path}`, error)
    return replyOf(hasNoSpace(error) ? NO_SPACE : FAILED)
  }
}

/** Tells the operator what could not be served, and why. */
export function noteFailure(subject: string, error: unknown): void {
  const advice = hasNoSpace(error) ? { advice: 'free some space, or serve another store' } : {}
  const { message } = new OutputError({ operation: 'serve', subject, cause: error, ...advice })
  noteChannel.publish({ run: '', key: '', operation: 'serve', message })
}

function hasNoSpace(error: unknown): boolean {
  if (['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')) return true
  return error instanceof Error && error.cause !== undefined && hasNoSpace(error.cause)
}

// Distribution-spec, "Error Codes", has no code for them; UNKNOWN is docker-registry's. The reason is the operator's.
const FAILED = new Refusal(500, 'UNKNOWN', 'the registry failed; its operator can see why')
const NO_SPACE = new Refusal(507, 'UNKNOWN', 'the registry has no space left')
