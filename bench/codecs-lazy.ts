import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'
import { prepareTrees, type Tree } from './trees.js'

/* node dist/bench/codecs-lazy.js [RUNS]: lazily pulled formats beside ours that are not; results/lazy-formats.md. */

const DIST = join(import.meta.dirname, '..')
const RESULTS = join(DIST, '../bench/results/lazy-formats.md')
const EXPORT = `${MEASURED_PROGRAM} export`

const PAIRS = [
  ['estargz', 'gzip'],
  ['zstd:chunked', 'zstd']
] as const

const runs = Number(process.argv[2] ?? 5)
const { trees, remove } = prepareTrees(() => true)
try {
  writeFileSync(RESULTS, `${[...introduction(), ...trees.flatMap(rowsOf)].join('\n')}\n`)
} finally {
  remove()
}

function introduction(): readonly string[] {
  return [
    '# Lazily pulled formats, beside those that are not',
    '',
    `Ratios of the first format to the second, both ours, both at their default level: medians of ${runs} runs in turn,`,
    'directory to OCI archive without caches. Peaks in MB. Remake it with `node dist/bench/codecs-lazy.js`.',
    '',
    '| tree | formats | time | CPU | size | peak | peak of the second |',
    '|---|---|---|---|---|---|---|'
  ]
}

function rowsOf({ name, path }: Tree): readonly string[] {
  const output = 'type=oci,dest=$OUT,compression='
  const contestants = PAIRS.flat().map((codec) => ({
    name: codec,
    command: `${EXPORT} dir:${path} --no-cache --progress quiet -o ${output}${codec}`
  }))
  const results = measureInTurn(contestants, runs)
  return PAIRS.map(([lazy, plain]) => rowOf(name, [lazy, plain], results.get(lazy) ?? [], results.get(plain) ?? []))
}

function rowOf(
  tree: string,
  formats: readonly [string, string],
  lazy: readonly Measurement[],
  plain: readonly Measurement[]
): string {
  const ratios = [
    medianRatio(lazy, plain, ({ seconds }) => seconds),
    medianRatio(lazy, plain, ({ cpuSeconds }) => cpuSeconds),
    medianRatio(lazy, plain, ({ bytes }) => bytes)
  ]
  const peaks = [lazy, plain].map((measurements) => median(measurements.map(({ peakMegabytes }) => peakMegabytes)))
  return `| ${[tree, formats.join(' / '), ...ratios.map((ratio) => ratio.toFixed(2)), ...peaks].join(' | ')} |`
}
