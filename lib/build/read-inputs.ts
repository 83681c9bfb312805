import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError } from '../errors.js'
import { readIgnorePatterns } from './ignore.js'
import type { BuildParameters } from './parameters.js'

/** Where a build's Dockerfile and context are on this machine. */
export interface BuildLocation {
  /** The context's directory. */
  readonly context: string
  /** Null is `Dockerfile` in the context. */
  readonly file: string | null
}

/** What is read before a build: the Dockerfile, and the ignore file that belongs to it. */
export type BuildInputs = Pick<BuildParameters, 'dockerfile' | 'dockerfileName' | 'context' | 'ignore'>

/** Reads the Dockerfile, and `<Dockerfile>.dockerignore` beside it or else `.dockerignore` in the context. */
export async function readInputs({ context, file }: BuildLocation): Promise<BuildInputs> {
  const path = file === null ? join(context, 'Dockerfile') : resolve(file)
  const [dockerfile, own, shared] = await Promise.all([
    readText(path),
    readIfThere(`${path}.dockerignore`),
    readIfThere(join(context, '.dockerignore'))
  ])
  const ignore = own ?? shared ?? ''
  return {
    dockerfile,
    dockerfileName: file ?? 'Dockerfile',
    context: resolve(context),
    ignore: readIgnorePatterns(ignore)
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new InputError({ operation: 'read Dockerfile', subject: path, cause, advice: 'name it with --file' })
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw new InputError({ operation: 'read ignore file', subject: path, cause })
  }
}
