import { type Problem, UsageError } from '../errors.js'
import { readFlagFile } from './flag-file.js'
import type { Output } from './read-output.js'

const FLAG = '--estargz-prioritize'

/**
 * The outputs with the paths that a file lists, for those that have estargz layers.
 *
 * @throws UsageError where the file can't be read or is no list, and where no output has estargz layers
 */
export async function withPriorities(outputs: readonly Output[], file: string): Promise<readonly Output[]> {
  if (!outputs.some(isEstargz)) {
    throw new UsageError({
      operation: 'read flags',
      subject: FLAG,
      expected: 'an output with compression=estargz, which alone can begin with chosen files',
      found: 'none'
    })
  }
  const list = { operation: 'read list of paths', subject: `${FLAG} ${file}`, expected: 'a path a line' }
  const prioritized = readPaths((await readFlagFile(file, list)).toString(), list)
  return outputs.map((output) => (isEstargz(output) ? prioritizing(output, prioritized) : output))
}

function isEstargz({ options }: Output): boolean {
  return 'prioritized' in options && (options.compression ?? []).includes('estargz')
}

function prioritizing<O extends Output>(output: O, prioritized: readonly string[]): O {
  return { ...output, options: withPaths(output.options, prioritized) }
}

function withPaths<O extends object>(options: O, prioritized: readonly string[]): O {
  return 'prioritized' in options ? { ...options, prioritized } : options
}

/** A path a line, from the root of the image, in the order of their priority. Empty lines don't count. */
function readPaths(text: string, problem: Omit<Problem, 'found'>): readonly string[] {
  const paths = text.split(/\r?\n/).filter((line) => line !== '')
  const wrong = text.includes('\0') ? 'bytes that are no text' : paths.length === 0 ? 'none' : null
  if (wrong === null) return [...new Set(paths)]
  throw new UsageError({ ...problem, found: wrong })
}
