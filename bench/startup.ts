import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, type Measurement, measureInTurn, median } from './measure.js'
import { PROGRAM } from './program.js'

const ROOT = join(import.meta.dirname, '../..')

const CONTESTANTS: readonly Contestant[] = [
  { name: 'node -e 0', command: 'node -e 0' },
  { name: 'layerpipe --version', command: `${PROGRAM} --version >/dev/null` },
  {
    name: 'layerpipe export of an empty directory',
    command: `${PROGRAM} export dir:$WORK/empty --store $WORK/store -o type=oci,dest=$OUT 2>/dev/null`,
    prepare: 'mkdir $WORK/empty'
  }
]

/** How long the program takes to start, and what its installation takes on disk: to bench/results/startup.md. */
export function measureStartup(runs: number): void {
  const results = measureInTurn(CONTESTANTS, runs)
  const rows = CONTESTANTS.map(({ name }) => lineOf(name, results.get(name) ?? []))
  writeFileSync(join(ROOT, 'bench/results/startup.md'), reportOf(rows, runs))
}

function lineOf(name: string, measurements: readonly Measurement[]): string {
  const milliseconds = (of: (each: Measurement) => number): string => (median(measurements.map(of)) * 1000).toFixed(0)
  return `| \`${name}\` | ${milliseconds(({ seconds }) => seconds)} | ${milliseconds(({ cpuSeconds }) => cpuSeconds)} |`
}

function reportOf(rows: readonly string[], runs: number): string {
  const { size, unpackedSize, entryCount } = packedPackage()
  return `${[
    '# Starting and installing',
    '',
    `Milliseconds, medians of ${runs} runs in turn on one machine, with Node ${process.versions.node}. Remake it with \`npm run bench\`.`,
    'The first row is Node alone: it tells how fast, or how busy, the machine was.',
    '',
    '| command | time | CPU |',
    '|---|---|---|',
    ...rows,
    '',
    `The package is ${megabytes(size)} MB, and ${megabytes(unpackedSize)} MB in ${entryCount} files when unpacked. All that it`,
    `depends on takes ${megabytes(dependenciesSize())} MB on disk beside it.`
  ].join('\n')}\n`
}

interface PackedPackage {
  /** Bytes. */
  readonly size: number
  readonly unpackedSize: number
  readonly entryCount: number
}

function packedPackage(): PackedPackage {
  const [packed] = JSON.parse(npm('pack', '--dry-run', '--ignore-scripts', '--json'))
  return packed
}

/** Bytes on disk of everything that `npm install --omit=dev` installs. */
function dependenciesSize(): number {
  const [, ...directories] = npm('ls', '--omit=dev', '--all', '--parseable').trim().split('\n')
  const usage = execFileSync('du', ['-sck', ...directories], { encoding: 'utf8' })
    .trim()
    .split('\n')
  return Number.parseInt(usage.at(-1) ?? '', 10) * 1024
}

function npm(...words: readonly string[]): string {
  return execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
