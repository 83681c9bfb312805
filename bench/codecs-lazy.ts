import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'
import type { Tree } from './trees.js'

/* node dist/bench/codecs-lazy.js [RUNS [MEBIBYTES]]: lazily pulled formats beside ours that are not; results/lazy-formats.md. */

const DIST = join(import.meta.dirname, '..')
const RESULTS = join(DIST, '../bench/results/lazy-formats.md')
const EXPORT = `${MEASURED_PROGRAM} export`

const [runs = 5, mebibytes = 64] = process.argv.slice(2).map(Number)

const PAIRS = [
  ['estargz', 'gzip'],
  ['zstd:chunked', 'zstd']
] as const

const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-lazy-'))
try {
  const trees = [
    treeOf('many small files (node_modules)', realpathSync('node_modules'), '.'),
    treeOf('a system (/usr)', '/usr', 'sbin lib')
  ]
  writeFileSync(RESULTS, `${[...introduction(), ...trees.flatMap(rowsOf)].join('\n')}\n`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** The first files of a directory, as large as was asked for. */
function treeOf(name: string, root: string, paths: string): Tree {
  const path = join(scratch, name.replace(/\W/g, ''))
  mkdirSync(path)
  const pack = `tar --sort=name -C ${root} -cf - ${paths} 2>/dev/null | head -c ${mebibytes * 2 ** 20}`
  execFileSync('bash', ['-c', `${pack} | tar -C ${path} -xf - 2>/dev/null || true`])
  return { name, path }
}

function introduction(): readonly string[] {
  return [
    '# Lazily pulled formats, beside those that are not',
    '',
    `Ratios of the first format to the second, both ours, both at their default level: medians of ${runs} runs in turn,`,
    `directory to OCI archive without caches, on the first ${mebibytes} MiB of each tree. Peaks in MB. Remake it with`,
    '`node dist/bench/codecs-lazy.js`.',
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
