import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { layerpipe } from './command.js'

/** The packages that a run of the program loads, sorted, as V8's coverage tells them. */
export async function loadedPackages(words: readonly string[], cwd: string): Promise<readonly string[]> {
  const directory = join(cwd, 'coverage')
  const ran = await layerpipe(words, { cwd, env: { NODE_V8_COVERAGE: directory } })
  if (ran.code !== 0) throw new Error(ran.stderr)
  const reports = await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')))
  const urls = reports.flatMap((report) => JSON.parse(report).result.map(({ url }: { url: string }) => url))
  return [...new Set(urls.flatMap(packageOf))].sort()
}

/** The innermost one, so that what comes with another package counts as itself. */
function packageOf(url: string): readonly string[] {
  const [, name] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  return name === undefined ? [] : [name]
}
