import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createTemporaryFileWriter } from '../blob/file-writer.js'
import { decompressAny } from '../codec/decompress.js'
import { SNIFF_LENGTH, sniffFormat } from '../codec/sniff.js'
import { readProblem } from '../diff/read-problem.js'
import { InputError } from '../errors.js'
import { flow } from '../streams/flow.js'
import { indexArchive } from './archive-index.js'
import { type Members, readSpan } from './members.js'
import { refuseTerminal, type StandardInput } from './standard-input.js'

/** What an archive that can't be read in place needs. */
export interface Workspace {
  /** What `-` stands for. */
  standardInput(): StandardInput
  /** A fresh path for a file. */
  temporary(): Promise<string>
  readonly signal?: AbortSignal
  /** Hears what of the image is left out, in words. */
  readonly note?: (message: string) => void
}

/**
 * The members of a tar archive, plain or compressed; `-` is standard input. A plain file is read in place, everything
 * else is written to the workspace once, so that its members can be read in any order.
 */
export async function openArchive(path: string, subject: string, workspace: Workspace): Promise<Members> {
  if (path === '-') {
    const input = refuseTerminal(workspace.standardInput(), subject)
    return indexArchive(await unpack(input, subject, workspace), subject)
  }
  await checkFile(path, subject)
  const format = sniffFormat(await readSpan(path, 0, SNIFF_LENGTH))
  if (format === 'uncompressed') return indexArchive(path, subject)
  return indexArchive(await unpack(createReadStream(path, { highWaterMark: CHUNK }), subject, workspace), subject)
}

const CHUNK = 2 ** 20

async function unpack(stream: Readable, subject: string, workspace: Workspace): Promise<string> {
  const path = await workspace.temporary()
  const writer = createTemporaryFileWriter(path)
  await flow([stream, decompressAny(subject), writer], workspace.signal)
  return path
}

async function checkFile(path: string, subject: string): Promise<void> {
  const problem = { operation: 'open archive', subject, expected: 'a tar archive' }
  const found = await stat(path).catch((cause: unknown) => {
    throw readProblem('open archive', subject, cause)
  })
  if (found.isDirectory()) throw new InputError({ ...problem, found: 'a directory', advice: 'for a layout write oci:' })
  if (!found.isFile()) throw new InputError({ ...problem, found: 'no regular file', advice: 'for a pipe write -' })
}
