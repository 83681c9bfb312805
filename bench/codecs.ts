import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareEngines } from './codecs-engines.js'
import { measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_NODE } from './program.js'

/*
 * node dist/bench/codecs.js [RUNS [MEBIBYTES [PART…]]]: codecs alone, beside programs; bench/results/codec-engines.md.
 * The parts are speed, slow (levels 9 and 19), sizes and engines; those that are named go to standard output alone.
 */

const RESULTS = join(import.meta.dirname, '../../bench/results/codec-engines.md')
const STREAM = `${MEASURED_NODE} ${join(import.meta.dirname, 'codecs-stream.js')}`
const MEBIBYTE = 2 ** 20
const ALL_PARTS = ['speed', 'slow', 'sizes', 'engines']

const [runs = 5, mebibytes = 96] = process.argv.slice(2, 4).map(Number)
const named = process.argv.slice(4)
const parts: ReadonlySet<string> = new Set(named.length > 0 ? named : ALL_PARTS)

/** Bytes of each tree that are compressed: by default enough that starting a process does not count. */
const SAMPLE = mebibytes * MEBIBYTE

/** Bytes for the slow levels: eight of their frames, so that two threads have something to do up to the end. */
const SLOW_SAMPLE = Math.min(SAMPLE, 64 * MEBIBYTE)

/** Bytes for the sizes of all levels, and for the engines. */
const SMALL_SAMPLE = SAMPLE / 4

interface Match {
  readonly codec: 'gzip' | 'zstd'
  readonly level: number
  readonly peer: string
  readonly slow?: boolean
}

const MATCHES: readonly Match[] = [
  { codec: 'gzip', level: 1, peer: 'pigz -1' },
  { codec: 'gzip', level: 6, peer: 'pigz -6' },
  { codec: 'gzip', level: 9, peer: 'pigz -9', slow: true },
  { codec: 'zstd', level: 3, peer: 'zstd -q -T0 -3' },
  { codec: 'zstd', level: 19, peer: 'zstd -q -T0 -19', slow: true }
]

const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-codecs-'))
try {
  const trees = [
    sampleOf('node_modules', realpathSync('node_modules'), '.'),
    sampleOf('system', '/usr', 'sbin lib'),
    sampleOf('text', realpathSync('node_modules/typescript'), 'lib')
  ]
  const report = `${[...introduction(), ...trees.flatMap(reportOf)].join('\n')}\n`
  if (named.length > 0) process.stdout.write(report)
  else writeFileSync(RESULTS, report)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

interface Sample {
  readonly name: string
  readonly large: string
  readonly slow: string
  readonly small: string
}

/** The beginning of the tree's tar, and the middle of that. */
function sampleOf(name: string, root: string, paths: string): Sample {
  const large = join(scratch, `${name}.tar`)
  spawnSync('bash', ['-c', `tar --sort=name -C ${root} -cf - ${paths} 2>/dev/null | head -c ${SAMPLE} >${large}`])
  const bytes = readFileSync(large)
  const middleOf = (length: number): string => {
    const file = join(scratch, `${name}-${length}.tar`)
    const start = Math.max(bytes.length - length, 0) >> 1
    writeFileSync(file, bytes.subarray(start, start + length))
    return file
  }
  return { name, large, slow: middleOf(SLOW_SAMPLE), small: middleOf(SMALL_SAMPLE) }
}

function introduction(): readonly string[] {
  return [
    '# Codecs and their engines',
    '',
    `Ratios ours / theirs, medians of ${runs} runs in turn on ${mebibytes} MiB of each tree (levels 9 and 19: of up to 64;`,
    'sizes and engines: a quarter of it). Below 1 is less time, less CPU, a smaller blob. The codec alone, from a tar to a',
    'blob, the start of Node included. Remake it with `node dist/bench/codecs.js`.'
  ]
}

function reportOf(sample: Sample): readonly string[] {
  const matches = MATCHES.filter(({ slow }) => parts.has(slow ? 'slow' : 'speed'))
  return [
    ...['', `## ${sample.name}`],
    ...(matches.length > 0 ? speedOf(sample, matches) : []),
    ...(parts.has('sizes') ? sizesOf(sample) : []),
    ...(parts.has('engines') ? enginesOf(sample) : [])
  ]
}

function speedOf(sample: Sample, matches: readonly Match[]): readonly string[] {
  const head = ['', '| codec | peer | time | CPU | size | our peak memory |', '|---|---|---|---|---|---|']
  return [...head, ...matches.map((match) => matchLine(sample, match))]
}

function sizesOf(sample: Sample): readonly string[] {
  const head = ['', 'Level N of gzip beside `gzip -N`, size:', '', '| level | ratio |', '|---|---|']
  const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  return [...head, ...levels.map((level) => `| ${level} | ${sizeRatio(sample, level).toFixed(4)} |`)]
}

function enginesOf(sample: Sample): readonly string[] {
  const rows = compareEngines(cut(readFileSync(sample.small)), Math.min(runs, 3))
  return [
    ...['', 'Engines on blocks of 1 MiB on one core, relative to zlib 6:', ''],
    ...['| engine | level | CPU | size |', '|---|---|---|---|'],
    ...rows.map(({ engine, level, cpu, size }) => `| ${engine} | ${level} | ${cpu.toFixed(2)} | ${size.toFixed(4)} |`)
  ]
}

function matchLine(sample: Sample, { codec, level, peer, slow }: Match): string {
  const file = slow ? sample.slow : sample.large
  const results = measureInTurn(
    [
      { name: 'ours', command: `${STREAM} ${codec} ${level} <${file} >$OUT` },
      { name: 'theirs', command: `${peer} <${file} >$OUT` }
    ],
    runs
  )
  const [ours = [], theirs = []] = [results.get('ours'), results.get('theirs')]
  const time = medianRatio(ours, theirs, ({ seconds }) => seconds)
  const cpu = medianRatio(ours, theirs, ({ cpuSeconds }) => cpuSeconds)
  const size = medianRatio(ours, theirs, ({ bytes }) => bytes)
  const peak = median(ours.map(({ peakMegabytes }) => peakMegabytes))
  const ratios = `${time.toFixed(2)} | ${cpu.toFixed(2)} | ${size.toFixed(4)}`
  return `| ${codec} ${level} | \`${peer}\` | ${ratios} | ${peak} MB |`
}

function sizeRatio(sample: Sample, level: number): number {
  const sizeOf = (command: string): number =>
    Number(spawnSync('bash', ['-c', `${command} <${sample.small} | wc -c`], { encoding: 'utf8' }).stdout)
  return sizeOf(`${STREAM} gzip ${level}`) / sizeOf(`gzip -n -${level}`)
}

function cut(bytes: Buffer): readonly Buffer[] {
  const count = Math.ceil(bytes.length / MEBIBYTE)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * MEBIBYTE, (index + 1) * MEBIBYTE))
}
