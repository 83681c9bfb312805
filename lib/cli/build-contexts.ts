import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { contextName } from '../build/context-name.js'
import { UsageError } from '../errors.js'
import { readPairs } from './pairs.js'

/**
 * The contexts of all `--build-context` flags, as a build has them. Paths are made absolute, so that the build means
 * the same from anywhere; `docker-image://` and `oci-layout://`, which buildx has, become this program's own prefixes.
 */
export function readContexts(texts: readonly string[]): Readonly<Record<string, string>> {
  const problem = { operation: 'read --build-context', expected: 'NAME=SOURCE' }
  const pairs = readPairs('--build-context', texts, (name) => {
    throw new UsageError({ ...problem, subject: JSON.stringify(name), found: 'no source' })
  })
  return Object.fromEntries(Object.entries(pairs).map(([name, source]) => [contextName(name), sourceOf(source)]))
}

function sourceOf(source: string): string {
  if (isDirectory(source)) return `dir:${resolve(source)}`
  const [, image] = /^docker-image:\/\/(.+)$/.exec(source) ?? []
  if (image !== undefined) return `docker://${image}`
  const [, path, tag, digest] = /^oci-layout:\/\/(.+?)(?::([^:/@]+))?(?:@(.+))?$/.exec(source) ?? []
  if (path === undefined) return source
  const name = digest ?? tag
  return `oci:${resolve(path)}${name === undefined ? '' : `:${name}`}`
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
