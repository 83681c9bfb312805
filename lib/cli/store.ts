import type { Provision } from '../graph/index.js'

/** What a run has to be given for `--store`. */
export function provideStore(_directory: string | null): readonly Provision[] {
  return []
}
