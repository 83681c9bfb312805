import { finished } from 'node:stream/promises'
import { writeStandardOutput } from '../stages/standard-output.js'

/**
 * Writes text to standard output, and waits until it was handed on.
 *
 * @throws ClosedOutputError if nobody reads it any more
 */
export async function print(text: string): Promise<void> {
  const stream = writeStandardOutput(process.stdout)
  stream.end(text)
  await finished(stream)
}
