import type { OutputFlags } from '../../lib/cli/output-flags.js'
import { type OutputWorld, parseOutputs } from '../../lib/cli/outputs.js'

/** What a command line without any output says. */
export const none: OutputFlags = {
  outputs: [],
  tags: [],
  annotations: [],
  push: false,
  load: false,
  prioritizedFile: null
}
export const pipe: OutputWorld = { stdoutIsTerminal: false, sourceDateEpoch: undefined }

/** The outputs that flags ask for: the type of each, with its options. */
export async function readOutputs(flags: Partial<OutputFlags>, world: Partial<OutputWorld> = {}) {
  const { outputs } = await parseOutputs({ ...none, ...flags }, { ...pipe, ...world })
  return outputs.map(({ type, options }) => ({ type, ...options }))
}

/** What a mistake on the command line is refused with. */
export const isUsage = (message: RegExp | string) => ({ code: 'ERR_USAGE', message })
