import { UsageError } from '../errors.js'
import { type Node, pipe, type RunOptions, run } from '../graph/index.js'
import { diff } from '../stages/diff.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { pack } from '../stages/pack.js'
import { defaultSettings } from './default-settings.js'
import { DEFAULT_BANDWIDTH, type Goal } from './goal.js'
import { measureSettings } from './measure-settings.js'
import type { BenchmarkReport } from './report.js'
import { formatSetting, resolveSetting, type Setting } from './setting.js'

export interface BenchmarkOptions {
  /** By default those of `defaultSettings`. A level of null is the codec's own. */
  readonly settings?: readonly Setting[]
  /** Bytes to draw evenly from all layers, the same ones each time; null measures all. Default 64 MB. */
  readonly sample?: number | null
  /** Bits per second. Default 100 Mbit/s and 1 Gbit/s. */
  readonly bandwidths?: readonly number[]
  /** Default balanced, at 100 Mbit/s. */
  readonly goal?: Goal
}

const DEFAULT_SAMPLE = 64e6

const DEFAULT_BANDWIDTHS: readonly number[] = [DEFAULT_BANDWIDTH, 1e9]

/**
 * Compresses and decompresses the layers of a source with each setting, one at a time, and compares them.
 *
 * @throws UsageError for a setting that there is not
 */
export async function benchmark(
  source: Node<LayerSource | ImageEnd>,
  options: BenchmarkOptions = {},
  runOptions: RunOptions = {}
): Promise<BenchmarkReport> {
  const [report] = await run([benchmarkNode(source, options)], runOptions)
  return report as BenchmarkReport // the last item of one node
}

/** What `benchmark` runs. */
export function benchmarkNode(
  source: Node<LayerSource | ImageEnd>,
  options: BenchmarkOptions = {}
): Node<BenchmarkReport> {
  const settings = options.settings ?? defaultSettings()
  if (settings.length === 0)
    throw new UsageError({ operation: 'measure', subject: 'settings', expected: 'at least one' })
  return pipe(
    source,
    diff(),
    pack(),
    measureSettings({
      settings: settings.map((setting) => formatSetting(resolveSetting(setting))),
      sample: options.sample === undefined ? DEFAULT_SAMPLE : options.sample,
      bandwidths: options.bandwidths ?? DEFAULT_BANDWIDTHS,
      goal: options.goal ?? { name: 'balanced', bandwidth: DEFAULT_BANDWIDTH }
    })
  )
}
