import { readFile } from 'node:fs/promises'
import { UsageError } from '../errors.js'
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
  const prioritized = readPaths(await readList(file), `${FLAG} ${file}`)
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

async function readList(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError({ operation: 'read list of paths', subject: `${FLAG} ${file}`, cause })
  }
}

/** A path a line, from the root of the image, in the order of their priority. Empty lines don't count. */
function readPaths(text: string, subject: string): readonly string[] {
  const paths = text.split(/\r?\n/).filter((line) => line !== '')
  const wrong = text.includes('\0') ? 'bytes that are no text' : paths.length === 0 ? 'none' : null
  if (wrong === null) return [...new Set(paths)]
  throw new UsageError({ operation: 'read list of paths', subject, expected: 'a path a line', found: wrong })
}
