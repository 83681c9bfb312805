import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareExports, formatRow, MATCHES, type Match, ROWS_HEAD, type Row } from './export.js'
import { measureSpent, type Spent } from './spent.js'
import { measureStartup } from './startup.js'
import { prepareTrees, type Tree } from './trees.js'
import { BESIDE_UMOCI, matchUmoci } from './umoci.js'

/*
 * npm run bench [-- RUNS [PART…]]: the same exports beside what people do today, and what ours spend their time on;
 * what starting and installing cost goes to bench/results/startup.md, the rest to bench/results/export.md. With PARTS,
 * only exports that have one of these words in their tree or setting, and to standard output alone.
 */

const RESULTS = join(import.meta.dirname, '../../bench/results/export.md')
const [count = '3', ...parts] = process.argv.slice(2)
const runs = Number(count)

if (parts.length === 0) measureStartup(2 * runs)

const settings = [...MATCHES.map(({ setting }) => setting), BESIDE_UMOCI]
const { trees, remove } = prepareTrees((name) => settings.some((setting) => isWanted(name, setting)))
try {
  const pairs = trees.flatMap((tree) => matchesOf(tree).map((match) => ({ tree, match })))
  const rows = pairs.flatMap(({ tree, match }) => show(compareExports(tree, match, runs), formatRow))
  const spent = pairs.flatMap(({ tree, match }) =>
    show([measureSpent(tree, match.setting, match.attributes)], spentLineOf)
  )
  if (parts.length === 0) writeFileSync(RESULTS, reportOf(rows, spent))
} finally {
  remove()
}

function isWanted(tree: string, setting: string): boolean {
  return parts.length === 0 || parts.some((part) => `${tree} ${setting}`.includes(part))
}

function matchesOf(tree: Tree): readonly Match[] {
  const matches = MATCHES.filter(({ setting }) => isWanted(tree.name, setting))
  return isWanted(tree.name, BESIDE_UMOCI) ? [...matches, matchUmoci(tree)] : matches
}

function show<T>(rows: readonly T[], line: (row: T) => string): readonly T[] {
  for (const row of rows) process.stdout.write(`${line(row)}\n`)
  return rows
}

function reportOf(rows: readonly Row[], spent: readonly Spent[]): string {
  return `${[
    '# Directory to OCI archive, beside what people do today',
    '',
    `Ratios ours / theirs: medians of ${runs} runs in turn on one machine. Below 1 is less time, less CPU, a smaller file.`,
    'The peers’ pipelines make a compressed tar only; ours makes a whole image. Beside umoci, at the lowest level whose',
    'layer is no larger than its. Remake it with `npm run bench`.',
    '',
    ...ROWS_HEAD,
    ...rows.map(formatRow),
    '',
    '## Where the CPU seconds go',
    '',
    'One run of ours each, with a profile of the main thread; of its modules one by one, which take longer to start.',
    '',
    '| tree | setting | CPU seconds | of these |',
    '|---|---|---|---|',
    ...spent.map(spentLineOf)
  ].join('\n')}\n`
}

function spentLineOf({ tree, setting, parts, total }: Spent): string {
  const sorted = [...parts].sort(([, a], [, b]) => b - a)
  const words = sorted.map(([part, seconds]) => `${part} ${seconds.toFixed(2)}`)
  return `| ${tree} | ${setting} | ${total.toFixed(2)} | ${words.join('; ')} |`
}
