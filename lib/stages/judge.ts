import { InputError, LayerpipeError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/index.js'
import { formatPlatform } from '../image/platform.js'
import { judgeImage } from '../policy/judge-image.js'
import type { Rule, Violation } from '../policy/rule.js'
import { printable } from '../streams/bytes.js'
import { generate } from '../streams/generate.js'
import { approval, type Verdict } from './approval.js'
import type { Changeset, ImageEnd } from './items.js'

/** What was found in the image of one platform. */
export interface Judgement {
  /** "linux/arm64". */
  readonly platform: string
  readonly violations: readonly Violation[]
}

/** An image holds what a policy does not allow; nothing was named. */
export class PolicyError extends LayerpipeError {
  readonly code = 'ERR_POLICY'
  readonly judgements: readonly Judgement[]

  constructor(judgements: readonly Judgement[]) {
    const all = judgements.flatMap(({ violations }) => violations)
    super({
      operation: 'judge image',
      subject: `${all.length} ${all.length === 1 ? 'violation' : 'violations'} of the policy`,
      found: all.slice(0, TOLD).map(describe).join('; ') + (all.length > TOLD ? '; …' : ''),
      advice: 'nothing was named or tagged; see all of them with --policy-report'
    })
    this.judgements = judgements
  }
}

/**
 * Changesets in, one item out: what several rules say of each image. It reads in lockstep with who else does, and the
 * run's sinks name nothing before it has agreed. Fails with PolicyError once all is judged.
 *
 * Rules go by their names in the node's key: two rules of one name have to be one.
 */
export function judge(rules: readonly Rule[]): Stage<Changeset | ImageEnd, readonly Judgement[]> {
  return stage<{ readonly rules: readonly string[] }, Changeset | ImageEnd, readonly Judgement[]>(
    'judge',
    (_parameters, context) => {
      const verdict = context.resource(approval).expect()
      return generate<Changeset | ImageEnd, readonly Judgement[]>((items) => judged(items, rules, verdict, context))
    }
  )({ rules: rules.map(({ name }) => name) })
}

async function* judged(
  items: AsyncIterable<Changeset | ImageEnd>,
  rules: readonly Rule[],
  verdict: Verdict,
  context: Context
): AsyncGenerator<readonly Judgement[]> {
  try {
    const judgements = await judgeAll(items, rules)
    if (judgements.some(({ violations }) => violations.length > 0)) throw new PolicyError(judgements)
    context.begin('every rule is kept')()
    verdict.agree()
    yield judgements
  } catch (error) {
    verdict.refuse(error)
    throw error
  } finally {
    verdict.refuse(context.signal.reason ?? stopped()) // a first word stands
  }
}

function stopped(): InputError {
  return new InputError({ operation: 'judge image', subject: 'its layers', found: 'an end before all was judged' })
}

async function judgeAll(
  items: AsyncIterable<Changeset | ImageEnd>,
  rules: readonly Rule[]
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = []
  let image = judgeImage(rules)
  for await (const item of items) {
    if (item.kind === 'changeset') await image.layer(item.body.open())
    else {
      judgements.push({ platform: formatPlatform(item.platform), violations: image.end() })
      image = judgeImage(rules)
    }
  }
  return judgements
}

function describe({ rule, path, layer, complaint }: Violation): string {
  const what = path === null ? (layer === null ? 'the image' : `layer ${layer + 1}`) : `/${printable(path)}`
  return `${what} ${complaint} (${rule})`
}

/** In an error, which is one line. */
const TOLD = 3
