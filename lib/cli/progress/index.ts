import type { Plan } from '../../graph/index.js'
import { createGroupedView } from './grouped.js'
import { createPlainView } from './plain.js'
import { createRawJsonView } from './raw-json.js'
import type { ProgressView } from './step.js'
import { watchPlan } from './watch.js'

export type ProgressMode = 'auto' | 'tty' | 'plain' | 'quiet' | 'rawjson'

/**
 * Shows on standard error what a plan's stages do, until the returned function is called. `others` are told the same.
 */
export async function showProgress(
  mode: ProgressMode,
  plan: Plan,
  others: readonly ProgressView[] = []
): Promise<() => void> {
  const views = await viewsOf(mode === 'auto' ? (process.stderr.isTTY ? 'tty' : 'plain') : mode, plan)
  return watchPlan(plan, [...views, ...others])
}

async function viewsOf(mode: Exclude<ProgressMode, 'auto'>, plan: Plan): Promise<readonly ProgressView[]> {
  const write = (text: string): void => void process.stderr.write(text)
  switch (mode) {
    case 'tty': {
      const { createTtyView } = await import('./tty.js')
      return [createTtyView(process.stderr, plan.steps.length)]
    }
    case 'plain':
      return [process.env.GITHUB_ACTIONS === 'true' ? createGroupedView(write) : createPlainView(write)]
    case 'rawjson':
      return [createRawJsonView(write)]
    case 'quiet':
      return []
  }
}
