import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measurement, measureInTurn, medianRatio } from './measure.js'
import { jobsOf } from './peers/jobs.js'
import { type Scene, setTheScene } from './peers/scene.js'

/*
 * node dist/bench/peers.js [RUNS]: whole jobs beside the tools that people do them with today; the table goes to
 * bench/results/peers.md. Tools that are not installed have no row.
 */

const RESULTS = join(import.meta.dirname, '../../bench/results/peers.md')
const runs = Number(process.argv[2] ?? 5)
const work = mkdtempSync(join(tmpdir(), 'layerpipe-peers-'))

let scene: Scene | undefined
try {
  scene = await setTheScene(realpathSync('node_modules'), work)
  writeFileSync(RESULTS, reportOf(jobsOf(scene).flatMap(compare)))
} finally {
  await scene?.end()
  rmSync(work, { recursive: true, force: true })
}

function compare({ job, ours, theirs }: ReturnType<typeof jobsOf>[number]): readonly string[] {
  const results = measureInTurn([ours, ...theirs], runs)
  const own = results.get(ours.name) ?? []
  return theirs.map(({ name, inDaemon }) => {
    const peer = results.get(name) ?? []
    const ratio = (of: (measurement: Measurement) => number): string => medianRatio(own, peer, of).toFixed(2)
    const cpu = inDaemon ? 'in its daemon' : ratio(({ cpuSeconds }) => cpuSeconds)
    const bytes = peer.some(({ bytes }) => bytes > 0) ? ratio(({ bytes }) => bytes) : ''
    const row = `| ${job} | ${name} | ${ratio(({ seconds }) => seconds)} | ${cpu} | ${bytes} |`
    process.stdout.write(`${row}\n`)
    return row
  })
}

function reportOf(rows: readonly string[]): string {
  return `${[
    '# Whole jobs, beside the tools that do them today',
    '',
    `Ratios ours / theirs: medians of ${runs} runs in turn on one machine, on the project’s own node_modules. Below 1 is`,
    'less time, less CPU, a smaller file. Remake it with `node dist/bench/peers.js`.',
    '',
    '| job | tool | time | CPU | size |',
    '|---|---|---|---|---|',
    ...rows
  ].join('\n')}\n`
}
