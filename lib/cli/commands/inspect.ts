import { compareTrees } from '../../diff/compare-trees.js'
import { UsageError } from '../../errors.js'
import { type Node, pipe, run } from '../../graph/index.js'
import { formatPlatform } from '../../image/platform.js'
import { registryResource } from '../../registry/client.js'
import { imageOf } from '../../source/image-of.js'
import { parseSource } from '../../source/parse.js'
import { sourceNode } from '../../source/source-node.js'
import { diff } from '../../stages/diff.js'
import { flatten } from '../../stages/flatten.js'
import { inspect } from '../../stages/inspect.js'
import type { ImageEnd, LayerSource } from '../../stages/items.js'
import { type ImageSurvey, survey } from '../../stages/survey.js'
import type { Invocation } from '../command.js'
import { differencesAsJson, differencesAsText, sortDifferences } from '../difference-report.js'
import { historyAsText } from '../history-report.js'
import { reportAsJson, reportAsText, sortEntries } from '../image-report.js'
import type { inspectFlags } from '../inspect-flags.js'
import { readPlatforms } from '../platforms.js'
import { print } from '../print.js'
import { openRegistryClient } from '../registry.js'
import { showNotes } from '../show-notes.js'

type Inspection = Invocation<typeof inspectFlags>

/** Prints what is known of a source's images, or what differs between two. */
export async function inspectSource(invocation: Inspection): Promise<void> {
  const { operands, flags } = invocation
  if (flags.diff !== null) refuseDetails(flags)
  const client = await openRegistryClient(flags)
  const provide = [registryResource.provide(client)]
  const give = <T>(node: Node<T>): Promise<T[]> => run([node], { signal: invocation.signal, provide })
  const stop = showNotes()
  try {
    const image = await imageNode(operands[0] ?? '', flags.platforms)
    if (flags.diff !== null) return await printDifferences(image, flags.diff, invocation, give)
    const [found = []] = await give(pipe(image, inspect({ entries: flags.files || flags.layers })))
    const images = sortEntries(found, flags.sort)
    if (flags.json) return await print(reportAsJson(images))
    await print(images.map((each) => reportAsText(each, flags) + (flags.history ? historyAsText(each) : '')).join('\n'))
  } finally {
    stop()
    await client.close()
  }
}

/** What differs is shown alone. */
function refuseDetails(flags: Inspection['flags']): void {
  const found = (['layers', 'files', 'history'] as const).filter((flag) => flags[flag]).map((flag) => `--${flag}`)
  if (found.length === 0) return
  throw new UsageError({
    operation: 'read command line',
    subject: 'inspect',
    expected: '--diff without --layers, --files and --history',
    found: found.join(', '),
    advice: 'inspect each of the two sources for these'
  })
}

async function printDifferences(
  image: Node<LayerSource | ImageEnd>,
  other: string,
  { flags }: Inspection,
  give: <T>(node: Node<T>) => Promise<T[]>
): Promise<void> {
  const [before = []] = await give(surveyed(image))
  const [after = []] = await give(surveyed(await imageNode(other, flags.platforms)))
  const differences = pairs(before, after).flatMap(([left, right]) => compareTrees(entriesOf(left), entriesOf(right)))
  const sorted = sortDifferences(differences, flags.sort)
  await print(flags.json ? differencesAsJson(sorted) : differencesAsText(sorted))
}

async function imageNode(source: string, platformTexts: readonly string[]): Promise<Node<LayerSource | ImageEnd>> {
  const platforms = readPlatforms(platformTexts)
  const node = await sourceNode(parseSource(source), platforms.length > 0 ? platforms : 'all')
  return imageOf([node], { platforms, changes: [], labels: {}, diff: false })
}

function surveyed(image: Node<LayerSource | ImageEnd>): Node<readonly ImageSurvey[]> {
  return pipe(image, diff(), flatten(), survey())
}

function entriesOf({ layers }: ImageSurvey) {
  return layers.flatMap(({ entries }) => entries)
}

/** Images of one platform each; where there is one on either side, those two. */
function pairs(before: readonly ImageSurvey[], after: readonly ImageSurvey[]): readonly [ImageSurvey, ImageSurvey][] {
  const [left, right] = [before[0], after[0]]
  if (before.length === 1 && after.length === 1 && left && right) return [[left, right]]
  const found = before.flatMap((one): [ImageSurvey, ImageSurvey][] => {
    const same = after.find(({ platform }) => formatPlatform(platform) === formatPlatform(one.platform))
    return same ? [[one, same]] : []
  })
  if (found.length === 1) return found
  throw new UsageError({
    operation: 'compare images',
    subject: 'several platforms',
    expected: 'one image on either side',
    found: `${before.length} and ${after.length}`,
    advice: 'choose one with --platform'
  })
}
