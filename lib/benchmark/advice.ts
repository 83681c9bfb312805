import { digestOf } from '../blob/digest.js'
import { codecByName } from '../codec/index.js'
import type { TransferFacts } from './estimate.js'
import { DEFAULT_BANDWIDTH, findBest, type Goal } from './goal.js'
import type { Setting } from './setting.js'

/** A setting that `compression=auto` may choose, and how fast it is taken to be: bytes of layer tar per second. */
interface Candidate {
  readonly setting: Setting
  readonly compressionSpeed: number
  readonly decompressionSpeed: number
}

/**
 * Speeds of four cores of a server that compress, and of one that decompresses, as engines do. They were measured with
 * `layerpipe bench` and written down, so that the same layer gets the same setting wherever it is compressed. gzip is
 * missing, because some level of zstd is better in all respects; levels above these are, because they cost many times
 * the processor time and memory for the last hundredths.
 */
const CANDIDATES: readonly Candidate[] = [
  candidate('uncompressed', null, 3000, 3000),
  candidate('zstd', 1, 680, 450),
  candidate('zstd', 3, 400, 450),
  candidate('zstd', 6, 190, 450),
  candidate('zstd', 9, 145, 450)
]

const GOAL: Goal = { name: 'balanced', bandwidth: DEFAULT_BANDWIDTH }

/** The settings that are tried on a sample before one is advised. */
export const advisedSettings: readonly Setting[] = CANDIDATES.map(({ setting }) => setting)

/** Changes whenever the same layer could get another setting, or other bytes with it: a digest of all that decides. */
export function adviceVersion(): string {
  const versions = CANDIDATES.map(({ setting }) => codecByName(setting.codec).version)
  return digestOf(JSON.stringify([GOAL, CANDIDATES, versions]))
}

/**
 * The best setting for a layer of `tarSize` bytes, of which a sample was compressed with each of `advisedSettings`, to
 * `ratios` times less, in that order. It depends on nothing but these figures.
 */
export function adviseSetting(tarSize: number, ratios: readonly number[]): Setting {
  const facts = CANDIDATES.map((each, at): TransferFacts & Candidate => {
    return { ...each, tarSize, size: tarSize / (ratios[at] ?? 1) }
  })
  return findBest(GOAL, facts).setting
}

/** Speeds in MB/s. */
function candidate(codec: Setting['codec'], level: number | null, compression: number, decompression: number) {
  return { setting: { codec, level }, compressionSpeed: compression * 1e6, decompressionSpeed: decompression * 1e6 }
}
