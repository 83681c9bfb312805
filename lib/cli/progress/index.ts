import type { Plan } from '../../graph/index.js'
import { createGroupedView } from './grouped.js'
import { createPlainView } from './plain.js'
import { createQuietView } from './quiet.js'
import { createRawJsonView } from './raw-json.js'
import type { ProgressView } from './step.js'
import { type Watch, watchPlan } from './watch.js'

export type ProgressMode = 'auto' | 'tty' | 'plain' | 'quiet' | 'rawjson'

/** What `auto` means for a terminal, or what stands for one: some that containers get say that they have no columns. */
export function chooseProgress(
  mode: ProgressMode,
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number } = process.stderr
): Exclude<ProgressMode, 'auto'> {
  if (mode !== 'auto') return mode
  return isTTY && columns ? 'tty' : 'plain'
}

/**
 * Shows on standard error what a plan's stages do, until it is stopped. `work` is what
 * the whole is called: "Building". `others` are told the same.
 */
export async function showProgress(
  mode: Exclude<ProgressMode, 'auto'>,
  plan: Plan,
  work: string,
  others: readonly ProgressView[] = []
): Promise<Watch> {
  const views = await viewsOf(mode, plan, work)
  return watchPlan(plan, [...views, ...others])
}

async function viewsOf(
  mode: Exclude<ProgressMode, 'auto'>,
  plan: Plan,
  work: string
): Promise<readonly ProgressView[]> {
  const write = (text: string): void => void process.stderr.write(text)
  switch (mode) {
    case 'tty': {
      const { createTtyView } = await import('./tty.js')
      return [createTtyView(process.stderr, { work, count: plan.steps.length })]
    }
    case 'plain':
      return [process.env.GITHUB_ACTIONS === 'true' ? createGroupedView(write) : createPlainView(write)]
    case 'rawjson':
      return [createRawJsonView(write)]
    case 'quiet':
      return [createQuietView(write)]
  }
}
