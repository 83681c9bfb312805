import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { layerpipe, MAIN } from './command.js'

/**
 * What a run of the program loads, sorted, as V8's coverage tells it: files of the bundle by their names without hash and
 * extension, and packages that are not in it.
 */
export async function loadedFiles(words: readonly string[], cwd: string): Promise<readonly string[]> {
  const directory = join(cwd, `coverage-${words[0]}`)
  await rm(directory, { recursive: true, force: true }) // of the run before
  const ran = await layerpipe(words, { cwd, env: { NODE_V8_COVERAGE: directory } })
  if (ran.code !== 0) throw new Error(ran.stderr)
  const reports = await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')))
  const urls = reports.flatMap((report) => JSON.parse(report).result.map(({ url }: { url: string }) => url))
  return [...new Set(urls.flatMap(nameOf))].sort()
}

/** Of packages the innermost one, so that what comes with another package counts as itself. */
function nameOf(url: string): readonly string[] {
  if (url.includes(dirname(MAIN))) return [basename(url, '.cjs').replace(/-[\w-]{8}$/, '')]
  const [, name] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  return name === undefined ? [] : [name]
}
