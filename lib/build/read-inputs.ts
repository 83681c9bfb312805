import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { codeOf, InputError } from '../errors.js'
import { bytesOfText } from '../streams/bytes.js'
import { readIgnorePatterns } from './ignore.js'
import type { BuildParameters } from './parameters.js'
import { joinPath } from './paths.js'
import { readTarFile } from './tar-tree.js'
import { openBody } from './tree.js'

/** Where a build's Dockerfile and context are on this machine. */
export interface BuildLocation {
  /** A directory, or a tar, plain or compressed. */
  readonly context: string
  /** What people call it; by default its path. */
  readonly label?: string
  /** Null is `Dockerfile` in the context, or else `dockerfile`. In a tar it is a path inside. */
  readonly file: string | null
}

/** What is read before a build: the Dockerfile, and the ignore file that belongs to it. */
export type BuildInputs = Pick<BuildParameters, 'dockerfile' | 'dockerfileName' | 'context' | 'ignore' | 'ignoreName'>

/**
 * Reads the Dockerfile, and `<Dockerfile>.dockerignore` beside it or else `.dockerignore` in the context. `spool` gives
 * the path of a temporary file for what is in a tar.
 */
export async function readInputs(
  { context, label = context, file }: BuildLocation,
  spool: () => Promise<string>
): Promise<BuildInputs> {
  const found = await stat(context).catch((cause: unknown) => {
    throw new InputError({ operation: 'open build context', subject: label, cause })
  })
  const read = found.isDirectory() ? textReader(context) : await tarReader(context, label, spool)
  const outside = found.isDirectory() && file !== null
  const { name, dockerfile } = await readFirst(file === null ? DEFAULT_NAMES : [file], outside, read, label)
  const own = await read(`${name}.dockerignore`, outside)
  const ignore = readIgnorePatterns(own ?? (await read('.dockerignore', false)) ?? '')
  const ignoreName = own === null ? '.dockerignore' : `${basename(name)}.dockerignore`
  return { dockerfile, dockerfileName: name, context: resolve(context), ignore, ignoreName }
}

/** In the order in which they are looked for. */
const DEFAULT_NAMES = ['Dockerfile', 'dockerfile'] as const

async function readFirst(names: readonly string[], outside: boolean, read: ReadText, label: string) {
  for (const name of names) {
    const dockerfile = await read(name, outside)
    if (dockerfile !== null) return { name, dockerfile }
  }
  const problem = { operation: 'read Dockerfile', subject: label, expected: names[0] ?? '', found: 'no such file' }
  throw new InputError({ ...problem, advice: 'name the Dockerfile with --file' })
}

/** Gives a file's text, or null where there is none; `outside` says that the name is not one in the context. */
type ReadText = (name: string, outside: boolean) => Promise<string | null>

function textReader(context: string): ReadText {
  return async (name, outside) => {
    const path = outside ? resolve(name) : join(context, name)
    try {
      return await readFile(path, 'utf8')
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return null
      throw new InputError({ operation: 'read', subject: path, cause })
    }
  }
}

async function tarReader(context: string, label: string, spool: () => Promise<string>): Promise<ReadText> {
  const tree = await readTarFile(context, spool, label)
  return async (name) => {
    const node = tree.get(bytesOfText(joinPath('/', name).slice(1)))
    return node?.body ? readText(openBody(node.body, node.entry)) : null
  }
}
