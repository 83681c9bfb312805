import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { decompressAny } from '../codec/decompress.js'
import { SNIFF_LENGTH, sniffFormat } from '../codec/sniff.js'
import { type LayeredSnapshot, layerSnapshots } from '../diff/layered.js'
import { readProblem } from '../diff/read-problem.js'
import { InputError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { type Node, source } from '../graph/node.js'
import type { LayerSource } from '../stages/items.js'
import { chain } from '../streams/body.js'
import { countBytes } from '../streams/count.js'
import { readPipe } from '../streams/named-pipe.js'
import { extractEntries } from '../tar/extract.js'
import { historyOf } from './directory.js'
import { readSpan } from './members.js'
import { refuseTerminal, standardInput } from './standard-input.js'
import { indexTar } from './tar-in-place.js'

export type TarballParameters = {
  /** Absolute, or `-` for standard input. */
  readonly path: string
  /** What tells its contents from others under the same path; null for what is read from a pipe. */
  readonly content: TarballContent | null
}

export type TarballContent = {
  /** Bytes. */
  readonly size: number
  /** Nanoseconds since 1970, in decimal. */
  readonly mtime: string
  /** Device and inode. */
  readonly inode: string
}

/**
 * A tar as one layer, plain or compressed: of a root file system, or a layer with whiteouts. Its entries are sorted,
 * so that their order in the tar does not matter. A plain file is read in place, anything else is spooled.
 */
export const tarball: (parameters: TarballParameters) => Node<LayerSource> = source(
  'tarball',
  (parameters: TarballParameters, context) =>
    Readable.from(
      (async function* () {
        const upper = await readTarball(parameters, context)
        yield { kind: 'snapshot', lower: null, upper, history: [historyOf('')] }
      })()
    )
)

/** The parameters for the tar at `path`; `-` is standard input. Throws InputError where there is none. */
export async function describeTarball(path: string): Promise<TarballParameters> {
  if (path === '-') return { path, content: null }
  const problem = { operation: 'open tar', subject: `tar:${path}` }
  const found = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw readProblem(problem.operation, problem.subject, cause)
  })
  if (found.isDirectory())
    throw new InputError({ ...problem, expected: 'a tar', found: 'a directory', advice: `write dir:${path}` })
  const { size, mtimeNs, dev, ino } = found
  const content = { size: Number(size), mtime: `${mtimeNs}`, inode: `${dev}:${ino}` }
  return { path: resolve(path), content: found.isFile() ? content : null }
}

async function readTarball({ path, content }: TarballParameters, context: Context): Promise<LayeredSnapshot> {
  const subject = `tar:${path}`
  const verify = () => verifyContent(path, content)
  const onBytes = (bytes: number) => context.progress(bytes, content?.size)
  if (content && sniffFormat(await readSpan(path, 0, SNIFF_LENGTH)) === 'uncompressed')
    return indexTar(path, { subject, onBytes, verify })
  const input = path === '-' ? refuseTerminal(context.resource(standardInput), subject) : await openTar(path)
  const layers = async function* () {
    yield chain(input, [countBytes(onBytes), decompressAny(subject), extractEntries(subject)], context.signal)
    await verify()
  }
  return layerSnapshots(layers(), { spool: () => context.temporary(), keepWhiteouts: true, subject })
}

async function openTar(path: string): Promise<Readable> {
  return (await stat(path)).isFIFO() ? readPipe(path) : createReadStream(path, { highWaterMark: CHUNK })
}

/** Fails where the file is not what it was when its node was made. */
async function verifyContent(path: string, expected: TarballContent | null): Promise<void> {
  if (expected === null) return
  const { content } = await describeTarball(path)
  if (content?.size === expected.size && content.mtime === expected.mtime && content.inode === expected.inode) return
  const found = content?.size === expected.size ? 'other times' : `${content?.size ?? 'no'} bytes`
  const advice = 'the file changed while it was read; try again when nobody writes to it'
  throw new InputError({
    operation: 'read tar',
    subject: `tar:${path}`,
    expected: `${expected.size} bytes`,
    found,
    advice
  })
}

const CHUNK = 2 ** 20
