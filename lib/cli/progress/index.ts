import type { Plan } from '../../graph/index.js'
import { createPlainView } from './plain.js'
import { createRawJsonView } from './raw-json.js'
import type { ProgressView } from './step.js'
import { createTtyView } from './tty.js'
import { watchPlan } from './watch.js'

export type ProgressMode = 'auto' | 'tty' | 'plain' | 'quiet' | 'rawjson'

/** Shows on standard error what a plan's stages do, until the returned function is called. */
export function showProgress(mode: ProgressMode, plan: Plan): () => void {
  const view = viewOf(mode === 'auto' ? (process.stderr.isTTY ? 'tty' : 'plain') : mode, plan)
  return view === null ? () => {} : watchPlan(plan, view)
}

function viewOf(mode: Exclude<ProgressMode, 'auto'>, plan: Plan): ProgressView | null {
  const write = (text: string): void => void process.stderr.write(text)
  switch (mode) {
    case 'tty':
      return createTtyView(process.stderr, plan.steps.length)
    case 'plain':
      return createPlainView(write)
    case 'rawjson':
      return createRawJsonView(write)
    case 'quiet':
      return null
  }
}
