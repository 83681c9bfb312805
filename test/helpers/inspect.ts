import { reportAsJson } from '../../lib/cli/image-report.js'
import { run } from '../../lib/graph/index.js'
import { pipe } from '../../lib/graph/pipe.js'
import { imageOf } from '../../lib/source/image-of.js'
import { parseSource } from '../../lib/source/parse.js'
import { sourceNode } from '../../lib/source/source-node.js'
import { inspect } from '../../lib/stages/inspect.js'

/** What `inspect --json --files` says of a source, without a start of the program. */
export async function inspectSource(source: string) {
  const node = await sourceNode(parseSource(source), 'all')
  const image = imageOf([node], { platforms: [], changes: [], labels: {}, diff: false })
  const [images = []] = await run([pipe(image, inspect({ entries: true }))])
  return JSON.parse(reportAsJson(images))
}
