import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareExports, formatRow, type Match, pipeline, ROWS_HEAD } from './export.js'
import { prepareTrees } from './trees.js'

/* node dist/bench/high-levels.js [RUNS]: exports that take minutes, beside what people do; bench/results/high-levels.md. */

const RESULTS = join(import.meta.dirname, '../../bench/results/high-levels.md')
const [runs = 3] = process.argv.slice(2).map(Number)

const MATCH: Match = {
  setting: 'zstd, level 19',
  attributes: 'compression=zstd,compression-level=19',
  theirs: [{ name: 'tar, sha256sum, zstd -T0 -19', command: pipeline('zstd -q -T0 -19') }]
}

const { trees, remove } = prepareTrees((name) => name.includes('node_modules') || name.includes('system'))
try {
  const rows = trees.flatMap((tree) => compareExports(tree, MATCH, runs))
  writeFileSync(RESULTS, `${[...introduction(), ...ROWS_HEAD, ...rows.map(formatRow)].join('\n')}\n`)
} finally {
  remove()
}

function introduction(): readonly string[] {
  return [
    '# Directory to OCI archive at a high level',
    '',
    `Ratios ours / theirs, medians, on two cores; turns after one that is not counted: ${runs}. The peers’ pipelines make a`,
    'compressed tar only; ours makes a whole image. Remake it with `node dist/bench/high-levels.js`.',
    ''
  ]
}
