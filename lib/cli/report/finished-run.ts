import type { Plan } from '../../graph/index.js'
import type { Receipt } from '../../stages/items.js'
import type { ImageSurvey } from '../../stages/survey.js'
import type { Recording } from '../progress/recorder.js'

/** A run that has ended, well or not. */
export interface FinishedRun {
  readonly plan: Plan
  /** Of the first targets of the plan, in their order; none where it failed. */
  readonly receipts: readonly Receipt[]
  /** What fills the layers; none where nobody asked. */
  readonly images: readonly ImageSurvey[]
  readonly recording: Recording
  /** What it failed with. */
  readonly failure: string | null
}
