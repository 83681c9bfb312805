import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contestant, type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'
import { createText } from './text.js'

/* node dist/bench/incremental.js [RUNS]: 20,000 files, one changed; the table goes to bench/results/incremental.md. */

const RESULTS = join(import.meta.dirname, '../../bench/results/incremental.md')
const FILES = 20_000
const FILE_SIZE = 10_240
const FILES_PER_DIRECTORY = 200

const runs = Number(process.argv[2] ?? 5)
const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-incremental-'))
try {
  const tree = join(scratch, 'tree')
  writeTree(tree)
  const rows = ['gzip', 'zstd'].flatMap((codec) => rowsOf(codec, tree))
  process.stdout.write(`${rows.join('\n')}\n`)
  writeFileSync(RESULTS, reportOf(rows))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** Each in turn: without a cache, with an empty one, and with that of the run before a file changed. */
function rowsOf(codec: string, tree: string): readonly string[] {
  const command = (flags: string) =>
    `${MEASURED_PROGRAM} export dir:${tree} --progress quiet -o type=oci,dest=$OUT,compression=${codec} ${flags}`
  const changed = join(tree, '7', '1400')
  const contestants: readonly Contestant[] = [
    { name: 'cold, --no-cache', command: command('--no-cache') },
    { name: 'first run, empty store', command: command('--store $WORK/store') },
    {
      name: 'one file changed',
      command: command(`--store ${scratch}/store`),
      prepare: `head -c 7680 /dev/urandom | base64 -w 0 >${changed}`
    }
  ]
  const results = measureInTurn(contestants, runs)
  const cold = results.get('cold, --no-cache') ?? []
  return contestants.map(({ name }) => rowOf(`${codec} | ${name}`, results.get(name) ?? [], cold))
}

function rowOf(name: string, own: readonly Measurement[], cold: readonly Measurement[]): string {
  const time = medianRatio(own, cold, ({ seconds }) => seconds)
  const cpu = medianRatio(own, cold, ({ cpuSeconds }) => cpuSeconds)
  const [seconds, peak] = [median(own.map((each) => each.seconds)), median(own.map((each) => each.peakMegabytes))]
  return `| ${name} | ${seconds.toFixed(2)} s | ${time.toFixed(2)} | ${cpu.toFixed(2)} | ${Math.round(peak)} MB |`
}

function reportOf(rows: readonly string[]): string {
  return `${[
    '# Rebuild after one of 20,000 files has changed',
    '',
    `A directory of 20,000 files of 10 KiB to an OCI archive. Medians of ${runs} runs in turn on one machine; time and CPU are`,
    'ratios to the cold run of the same turn. Remake it with `node dist/bench/incremental.js`.',
    '',
    '| codec | run | seconds | time | CPU | peak memory |',
    '|---|---|---|---|---|---|',
    ...rows
  ].join('\n')}\n`
}

/** Files of words, each other than the rest. */
function writeTree(tree: string): void {
  const text = createText()(2 ** 24)
  for (let index = 0; index < FILES; index += 1) {
    const directory = join(tree, `${Math.floor(index / FILES_PER_DIRECTORY)}`)
    if (index % FILES_PER_DIRECTORY === 0) mkdirSync(directory, { recursive: true })
    const start = (index * 7919) % (text.length - FILE_SIZE)
    writeFileSync(join(directory, `${index}`), text.slice(start, start + FILE_SIZE))
  }
}
