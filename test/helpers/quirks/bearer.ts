import type { Quirk } from '../../../lib/registry/server/index.js'
import { jsonReply } from './faults.js'

export interface BearerOptions {
  /** Seconds that a token lasts, as the service says; how often one is taken, in truth. */
  readonly seconds?: number
  readonly uses?: number
  readonly user?: string
  readonly password?: string
  /** Where challenges say that the service is, if not where it is. */
  readonly path?: string
  /** Instead of a token. */
  readonly rubbish?: string
}

/** A token service beside the registry, at `/token`, and what it was asked for. */
export function bearer(options: BearerOptions = {}): { readonly quirk: Quirk; readonly asked: string[] } {
  const asked: string[] = []
  const valid = new Map<string, number>()
  const wanted = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`
  const quirk: Quirk = async (request, next) => {
    const challenge = `Bearer realm="http://${request.headers.host}${options.path ?? '/token'}",service="tests"`
    if (request.path === '/token') {
      asked.push(`${request.method} ${request.query.getAll('scope').join(' ')}`)
      if (options.rubbish !== undefined) return { status: 200, headers: {}, body: Buffer.from(options.rubbish) }
      if (options.user !== undefined && request.headers.authorization !== wanted) return { status: 401, headers: {} }
      const token = `token-${asked.length}-of-the-service`
      valid.set(token, options.uses ?? Infinity)
      return jsonReply({ token, expires_in: options.seconds ?? 300 })
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const left = valid.get(token) ?? 0
    valid.set(token, left - 1)
    if (left > 0) return next(request)
    request.body.resume()
    return { status: 401, headers: { 'WWW-Authenticate': challenge } }
  }
  return { quirk, asked }
}
