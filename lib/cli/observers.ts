import { type Node, pipe } from '../graph/index.js'
import { diff } from '../stages/diff.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import type { Judgement } from '../stages/judge.js'
import type { ImageSurvey } from '../stages/survey.js'

type Image = Node<LayerSource | ImageEnd>

/** What a survey or a judgement gives. */
export type Observation = readonly ImageSurvey[] | readonly Judgement[]

/** What reads an image beside its outputs: the survey for a report, and the judgement where policies rule. */
export async function observersOf(
  image: Image,
  flags: { readonly reportFile: string | null; readonly policies: readonly string[] }
): Promise<readonly Node<Observation>[]> {
  return [
    ...(flags.reportFile === null ? [] : [await surveyOf(image)]),
    ...(flags.policies.length === 0 ? [] : await judgementOf(image, flags.policies))
  ]
}

async function surveyOf(image: Image): Promise<Node<readonly ImageSurvey[]>> {
  const { survey } = await import('../stages/survey.js')
  return pipe(image, diff(), survey())
}

/** None where the policies have no rules. */
async function judgementOf(image: Image, policies: readonly string[]): Promise<readonly Node<readonly Judgement[]>[]> {
  const { readPolicies } = await import('./policy.js')
  const { judge } = await import('../stages/judge.js')
  const rules = await readPolicies(policies)
  return rules.length === 0 ? [] : [pipe(image, diff(), judge(rules))]
}
