import type { Plan } from '../../graph/index.js'
import { texts } from './step-work.js'
import { MAKING, type TimeSpent } from './time-spent.js'

/** One setting that would have made a run faster, where there is one. */
export function hintFor(plan: Plan, spent: readonly TimeSpent[]): string | null {
  const total = spent.reduce((sum, { time }) => sum + time, 0)
  const [most] = spent
  if (most === undefined || total < WORTH_A_HINT || most.time < total / 2) return null
  const settings = plan.steps.filter(({ node }) => node.operation === 'compress').map(({ node }) => node.parameters)
  const codecs = settings.flatMap((each) => texts(each, 'codec'))
  if (most.what === MAKING) return hintForMaking(codecs, settings.flatMap((each) => texts(each, 'level')).map(Number))
  if (!most.what.startsWith('waiting for ') || codecs.length === 0) return null
  if (codecs.includes('uncompressed')) return 'compression=zstd would leave less to send'
  return codecs.includes('gzip') ? 'compression=zstd makes layers smaller: there would be less to send' : null
}

function hintForMaking(codecs: readonly string[], levels: readonly number[]): string | null {
  const slowest = codecs.findIndex((codec, index) => (levels[index] ?? 0) > (QUICK_LEVELS[codec] ?? 22))
  if (slowest >= 0) return `compression-level=${QUICK_LEVELS[codecs[slowest] ?? '']} would have been faster`
  return codecs.includes('gzip') ? 'compression=zstd would have been faster, and its layers no larger' : null
}

/** The level of each codec above which time grows much faster than size shrinks. */
const QUICK_LEVELS: Readonly<Record<string, number>> = { gzip: 6, estargz: 6, zstd: 9, 'zstd:chunked': 9 }
/** Milliseconds; nobody minds shorter runs. */
const WORTH_A_HINT = 3000
