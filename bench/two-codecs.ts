import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Measurement, measureInTurn, median } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'

/* node dist/bench/two-codecs.js [RUNS [DIRECTORY]]: two codecs from one pass; bench/results/two-codecs.md. */

const RESULTS = join(import.meta.dirname, '../../bench/results/two-codecs.md')
const [runs = '5', directory = realpathSync('node_modules')] = process.argv.slice(2)

/** What is made without a codec is what both share: reading, framing, hashing, and to start. */
const SHARED = 'uncompressed'

const PAIRS = [
  ['gzip', 'zstd'],
  ['estargz', 'zstd:chunked']
] as const

const settings = [SHARED, ...new Set(PAIRS.flat()), ...PAIRS.map((pair) => pair.join())]
const results = measureInTurn(settings.map(contestant), Number(runs))
writeFileSync(RESULTS, `${[...introduction(), ...PAIRS.map(rowOf)].join('\n')}\n`)

function contestant(compression: string) {
  const output = `-o "type=oci,dest=$OUT"',"compression=${compression}"'`
  return {
    name: compression,
    command: `${MEASURED_PROGRAM} export dir:${directory} --progress quiet --no-cache ${output}`
  }
}

function introduction(): readonly string[] {
  return [
    '# Two codecs from one pass',
    '',
    'CPU time of an export with two codecs, as a ratio to that of both alone less what they share, which an uncompressed',
    `export takes: medians of ${runs} runs in turn, directory to OCI archive without caches, on the project’s own`,
    'node_modules. Peak in MB. Remake it with `node dist/bench/two-codecs.js`.',
    '',
    '| codecs | CPU | peak |',
    '|---|---|---|'
  ]
}

function rowOf(pair: readonly [string, string]): string {
  const [first, second] = pair.map(measured)
  const together = measured(pair.join())
  const ratios = together.map(({ cpuSeconds }, turn) => cpuSeconds / expected(turn, first ?? [], second ?? []))
  const peak = median(together.map(({ peakMegabytes }) => peakMegabytes))
  return `| ${pair.join(' and ')} | ${median(ratios).toFixed(2)} | ${peak} |`
}

function expected(turn: number, first: readonly Measurement[], second: readonly Measurement[]): number {
  const secondsOf = (measurements: readonly Measurement[]): number => measurements[turn]?.cpuSeconds ?? Number.NaN
  return secondsOf(first) + secondsOf(second) - secondsOf(measured(SHARED))
}

function measured(compression: string): readonly Measurement[] {
  return results.get(compression) ?? []
}
