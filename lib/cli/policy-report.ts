import { type Judgement, PolicyError } from '../stages/judge.js'
import { textOf } from '../streams/bytes.js'
import { writeFile } from './write-file.js'

/** Does `work`, and writes what a policy found to `path`, whether the work that it judged goes on or ends with that. */
export async function reportJudgement<T>(path: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    const result = await work()
    await writeFile(path, policyReport([]), signal)
    return result
  } catch (error) {
    if (error instanceof PolicyError) await writeFile(path, policyReport(error.judgements), signal)
    throw error
  }
}

/** For each platform what was found. */
function policyReport(judgements: readonly Judgement[]): string {
  const plain = judgements.map(({ platform, violations }) => ({
    platform,
    violations: violations.map(({ path, ...rest }) => ({ ...rest, path: path === null ? null : textOf(path) }))
  }))
  return `${JSON.stringify(plain, null, 2)}\n`
}
