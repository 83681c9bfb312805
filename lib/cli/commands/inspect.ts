import { pipe, run } from '../../graph/index.js'
import { registryResource } from '../../registry/client.js'
import { imageOf } from '../../source/image-of.js'
import { parseSource } from '../../source/parse.js'
import { sourceNode } from '../../source/source-node.js'
import { inspect } from '../../stages/inspect.js'
import type { Invocation } from '../command.js'
import type { inspectFlags } from '../commands.js'
import { reportAsJson, reportAsText } from '../image-report.js'
import { readPlatforms } from '../platforms.js'
import { print } from '../print.js'
import { openRegistryClient } from '../registry.js'

/** Prints what is known of a source's images. */
export async function inspectSource({ operands, flags, signal }: Invocation<typeof inspectFlags>): Promise<void> {
  const platforms = readPlatforms(flags.platforms)
  const source = await sourceNode(parseSource(operands[0] ?? ''), platforms.length > 0 ? platforms : 'all')
  const image = imageOf([source], { platforms, changes: [], labels: {}, diff: false })
  const client = await openRegistryClient(flags)
  const provide = [registryResource.provide(client)]
  const inspected = run([pipe(image, inspect({ entries: flags.files }))], { signal, provide })
  const [images = []] = await inspected.finally(() => client.close())
  await print(flags.json ? reportAsJson(images) : images.map(reportAsText).join('\n'))
}
