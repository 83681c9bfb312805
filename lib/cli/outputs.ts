import { checkOptions } from '../../pipelines/options/check-options.js'
import { checkAnnotations } from '../image/annotations.js'
import { parsePlatform } from '../image/platform.js'
import { checkDestinations, withStandardOutput } from './destinations.js'
import { distribute, type OutputFlags } from './output-flags.js'
import { parseOutput } from './output-grammar.js'
import { withPriorities } from './priorities.js'
import { type Output, readOutput } from './read-output.js'

export interface Outputs {
  readonly outputs: readonly Output[]
  /** To be shown to the user. */
  readonly warnings: readonly string[]
}

/** The world as far as it decides which outputs are right. */
export interface OutputWorld {
  readonly stdoutIsTerminal: boolean
  /** SOURCE_DATE_EPOCH, of the environment or of a build's arguments. */
  readonly sourceDateEpoch: string | undefined
}

/**
 * Everything that the flags ask for, read and checked as a whole before any work starts. With no output at all:
 * cacheonly.
 */
export async function parseOutputs(flags: OutputFlags, world: OutputWorld): Promise<Outputs> {
  const written = flags.outputs.map(parseOutput).filter((request) => request !== null)
  const requests = distribute(written, flags)
  if (requests.length === 0) {
    return { outputs: [{ type: 'cacheonly', text: 'type=cacheonly', options: {} }], warnings: [NO_OUTPUT] }
  }
  const read = requests.map((request) => withStandardOutput(readOutput(request, world.sourceDateEpoch)))
  const outputs = flags.prioritizedFile === null ? read : await withPriorities(read, flags.prioritizedFile)
  for (const { options, text } of outputs) checkOptions(options, text)
  await checkDestinations(outputs, world.stdoutIsTerminal)
  return { outputs, warnings: [] }
}

/** Refuses annotations that no manifest or index of an image for these platforms could have. */
export function checkAnnotated(outputs: readonly Output[], platforms: readonly string[]): void {
  const images = platforms.map(parsePlatform)
  for (const { options } of outputs) {
    if (!('annotations' in options)) continue
    const variants = options.compression ?? [null]
    checkAnnotations(
      options.annotations,
      variants.flatMap(() => images)
    )
  }
}

/** As buildx words it, less the name of its driver. */
const NO_OUTPUT =
  'No output specified. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load'
