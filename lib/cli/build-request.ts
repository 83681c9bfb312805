import { writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { BuildArguments } from '../build/arguments.js'
import type { BuildParameters } from '../build/parameters.js'
import { type BuildInputs, readInputs } from '../build/read-inputs.js'
import { sniffFormat } from '../codec/sniff.js'
import { unreadableFormat } from '../codec/unreadable-format.js'
import { InputError, UsageError } from '../errors.js'
import { formatPlatform, localPlatform } from '../image/platform.js'
import type { OptionsOf } from '../options/option.js'
import { isTarHeader } from '../tar/is-tar.js'
import { readContexts } from './build-contexts.js'
import type { buildFlags } from './build-flags.js'
import { readPairs } from './pairs.js'
import { readPlatforms } from './platforms.js'

type BuildFlags = OptionsOf<typeof buildFlags>

/**
 * The build arguments that a command line gives. As in buildx, SOURCE_DATE_EPOCH of the environment is one of them,
 * unless one was given.
 */
export function readArguments(flags: Pick<BuildFlags, 'arguments'>): BuildArguments {
  const { SOURCE_DATE_EPOCH: epoch } = process.env
  const given = readPairs('--build-arg', flags.arguments, (name) => process.env[name])
  return epoch ? { SOURCE_DATE_EPOCH: epoch, ...given } : given
}

/**
 * The build that a command line asks for. `given` are its arguments; `spool` gives paths for what comes on standard
 * input.
 */
export async function readBuild(
  context: string,
  flags: BuildFlags,
  given: BuildArguments,
  spool: () => Promise<string>
): Promise<BuildParameters> {
  const platforms = readPlatforms(flags.platforms)
  return {
    ...(await readRecipe(context, flags, spool)),
    contexts: readContexts(flags.contexts),
    target: flags.target,
    arguments: given,
    platforms: platforms.length > 0 ? platforms : [formatPlatform(localPlatform())],
    labels: readPairs('--label', flags.labels, () => ''),
    epoch: readEpoch(given.SOURCE_DATE_EPOCH)
  }
}

/** The Dockerfile and the context, from wherever they are. */
async function readRecipe(context: string, { file }: BuildFlags, spool: () => Promise<string>): Promise<BuildInputs> {
  if (context === '-') return readStandardInput(file, spool)
  if (file !== '-') return readInputs({ context, file }, spool)
  const dockerfile = (await buffer(process.stdin)).toString()
  const path = await spool()
  await writeFile(path, dockerfile)
  return { ...(await readInputs({ context, file: path }, spool)), dockerfileName: 'Dockerfile' }
}

/** A tar is a context, and any other text a Dockerfile that has none. */
async function readStandardInput(file: string | null, spool: () => Promise<string>): Promise<BuildInputs> {
  const bytes = await buffer(process.stdin)
  if (sniffFormat(bytes) === 'uncompressed' && !isTarHeader(bytes)) {
    checkText(bytes)
    return { dockerfile: bytes.toString(), dockerfileName: 'Dockerfile', context: null, ignore: [], ignoreName: '' }
  }
  const path = await spool()
  await writeFile(path, bytes)
  return readInputs({ context: path, label: 'standard input', file }, spool)
}

function checkText(bytes: Buffer): void {
  const compression = unreadableFormat(bytes)
  if (compression === null && !bytes.includes(0)) return
  throw new InputError({
    operation: 'read build context',
    subject: 'standard input',
    expected: 'a Dockerfile, or a tar, plain or compressed with gzip or zstd',
    found: compression === null ? 'bytes that are neither' : `something compressed with ${compression}`,
    ...(compression !== null && { advice: `decompress it before: ${compression} -dc FILE | layerpipe build -` })
  })
}

function readEpoch(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  if (/^\d{1,12}$/.test(text)) return Number(text)
  const expected = 'seconds since 1970'
  throw new UsageError({ operation: 'read epoch', subject: 'SOURCE_DATE_EPOCH', expected, found: JSON.stringify(text) })
}
