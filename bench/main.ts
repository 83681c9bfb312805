import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareExports, MATCHES, type Row } from './export.js'
import { measureStartup } from './startup.js'
import { prepareTrees } from './trees.js'

/*
 * npm run bench [-- RUNS]: the same exports beside what people do today; the table goes to bench/results/export.md, and
 * what starting and installing cost to bench/results/startup.md.
 */

const RESULTS = join(import.meta.dirname, '../../bench/results/export.md')
const runs = Number(process.argv[2] ?? 5)

measureStartup(2 * runs)

const { trees, remove } = prepareTrees()
try {
  const rows = trees.flatMap((tree) => MATCHES.flatMap((match) => show(compareExports(tree, match, runs))))
  writeFileSync(RESULTS, reportOf(rows))
} finally {
  remove()
}

function show(rows: readonly Row[]): readonly Row[] {
  for (const row of rows) process.stdout.write(`${lineOf(row)}\n`)
  return rows
}

function reportOf(rows: readonly Row[]): string {
  return `${[
    '# Directory to OCI archive, beside what people do today',
    '',
    `Ratios ours / theirs: medians of ${runs} runs in turn on one machine. Below 1 is less time, less CPU, a smaller file.`,
    'The peers’ pipelines make a compressed tar only; ours makes a whole image. Remake it with `npm run bench`.',
    '',
    '| tree | setting | peer | time | CPU | size | our peak memory |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(lineOf)
  ].join('\n')}\n`
}

function lineOf({ tree, setting, peer, time, cpu, size, peakMegabytes }: Row): string {
  const bytes = size === null ? '' : size.toFixed(3)
  return `| ${tree} | ${setting} | ${peer} | ${time.toFixed(2)} | ${cpu.toFixed(2)} | ${bytes} | ${peakMegabytes} MB |`
}
