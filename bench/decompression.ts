import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contestant, type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_NODE } from './program.js'

/* node dist/bench/decompression.js [RUNS]: streams that other tools made; bench/results/decompression.md. */

const RESULTS = join(import.meta.dirname, '../../bench/results/decompression.md')
const OURS = join(import.meta.dirname, 'decompress-stream.js')

/** Each makes a stream without an end that could be known before: one frame, or one member. */
const STREAMS = [
  { name: 'zstd -3', compress: 'zstd -3', decompress: 'zstd -dc' },
  { name: 'zstd -12 --long=27', compress: 'zstd -12 --long=27', decompress: 'zstd -dc --long=27' },
  { name: 'gzip -6', compress: 'gzip -6', decompress: 'gzip -dc' }
] as const

type Stream = (typeof STREAMS)[number]

const runs = Number(process.argv[2] ?? 5)
const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-bench-decompression-'))
try {
  const report = [...introduction(), ...STREAMS.map(rowOf)].join('\n')
  writeFileSync(RESULTS, `${report}\n`)
  process.stdout.write(`${report}\n`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function introduction(): readonly string[] {
  return [
    '# Reading layers that other tools compressed',
    '',
    'Ratios of ours to the tool itself, both to nowhere: medians of the runs in turn on one machine, ours with the start of',
    `Node.js ${process.versions.node}. The stream is a tar of the project’s own node_modules. Remake it with`,
    '`node dist/bench/decompression.js`.',
    '',
    '| stream | size | time | CPU | our peak memory |',
    '|---|---|---|---|---|'
  ]
}

function rowOf({ name, compress, decompress }: Stream): string {
  const blob = join(scratch, 'blob')
  spawnSync('sh', ['-c', `tar c node_modules | ${compress} -c >${blob}`])
  const contestants: readonly Contestant[] = [
    { name: 'ours', command: `${MEASURED_NODE} ${OURS} <${blob}; : >$OUT` },
    { name: 'theirs', command: `${decompress} <${blob} >/dev/null; : >$OUT` }
  ]
  const results = measureInTurn(contestants, runs)
  const [ours, theirs] = contestants.map((each): readonly Measurement[] => results.get(each.name) ?? [])
  const ratio = (of: (measurement: Measurement) => number): string =>
    medianRatio(ours ?? [], theirs ?? [], of).toFixed(2)
  const peak = median((ours ?? []).map(({ peakMegabytes }) => peakMegabytes))
  const megabytes = (statSync(blob).size / 1e6).toFixed(0)
  const [time, cpu] = [ratio(({ seconds }) => seconds), ratio(({ cpuSeconds }) => cpuSeconds)]
  return `| ${name} | ${megabytes} MB | ${time} | ${cpu} | ${peak} MB |`
}
