import type { Readable } from 'node:stream'
import { UsageError } from '../errors.js'
import { createResource } from '../graph/resource.js'

/** Where a source of `-` comes from. Standard input, unless a run is given another stream. It can be read once. */
export const standardInput = createResource<StandardInput>('stdin', () => process.stdin)

export type StandardInput = Readable & { readonly isTTY?: boolean }

/** Fails where standard input is a terminal: nobody types an archive, and waiting for one would look like a hang. */
export function refuseTerminal(input: StandardInput, subject: string): StandardInput {
  if (!input.isTTY) return input
  throw new UsageError({
    operation: 'read standard input',
    subject,
    expected: 'a file or a pipe',
    found: 'a terminal',
    advice: 'send an archive to it with < or |'
  })
}
