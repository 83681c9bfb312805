import { resolve } from 'node:path'
import { checkPlace, writesDirectory } from '../../pipelines/options/check-place.js'
import { checkDestination } from '../blob/check-destination.js'
import { UsageError } from '../errors.js'
import type { Output } from './read-output.js'

/** Where an output goes: a path, `-` for standard output, or null where it has no place in the file system. */
export function destinationOf(output: Output): string | null {
  return 'destination' in output.options ? output.options.destination : null
}

/** An archive of `oci` or `tar` without a destination goes to standard output. */
export function withStandardOutput(output: Output): Output {
  if (output.type === 'oci' && output.options.tar && output.options.destination === null) {
    return { ...output, options: { ...output.options, destination: STDOUT } }
  }
  if (output.type === 'tar' && output.options.destination === null) {
    return { ...output, options: { ...output.options, destination: STDOUT } }
  }
  return output
}

/**
 * Refuses, before any work, destinations that are missing, that can't be written, that two outputs share, and a
 * terminal where an archive would go to standard output.
 */
export async function checkDestinations(outputs: readonly Output[], stdoutIsTerminal: boolean): Promise<void> {
  const taken = new Set<string>()
  for (const output of outputs) {
    const destination = destinationOf(output)
    const { type, options, text } = output
    checkPlace(type, options, text)
    if (destination === null) continue
    if (destination === STDOUT && stdoutIsTerminal) throw refuseTerminal(output)
    const place = destination === STDOUT ? STDOUT : resolve(destination)
    if (taken.has(place)) throw refuse(output, 'a destination of its own', `another output to ${destination}`)
    taken.add(place)
    if (destination !== STDOUT)
      await checkDestination(destination, writesDirectory(type, options) ? 'directory' : 'file')
  }
}

function refuseTerminal({ type, text }: Output): UsageError {
  return new UsageError({
    operation: `dest file is required for ${type} exporter. refusing to write to console`,
    subject: text
  })
}

function refuse({ text }: Output, expected: string, found: string): UsageError {
  return new UsageError({ operation: 'check destination', subject: text, expected, found })
}

const STDOUT = '-'
