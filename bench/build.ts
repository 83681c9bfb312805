import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contestant, type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'
import { createText } from './text.js'

/* node dist/bench/build.js [RUNS]: builds a context of many files: cold, unchanged and changed; beside buildah. */

const DIST = join(import.meta.dirname, '..')
const RESULTS = join(DIST, '../bench/results/build.md')
const COLD = 'ours, cold'
const UNCHANGED = 'ours, unchanged'
const REMOVED = 'ours, unchanged, its archive removed'
const CHANGED = 'ours, one file changed'
const BUILDAH = 'buildah bud, buildah push oci-archive:'
const FILES = 20_000
const FILES_PER_DIRECTORY = 50
/** As in packages of source code: most files are small, some are not. Bytes, in turn. */
const SIZES = [300, 1_200, 700, 2_500, 900, 18_000, 1_500, 5_000]

const runs = Number(process.argv[2] ?? 3)
const scratch = mkdtempSync(join(tmpdir(), 'layerpipe-bench-build-'))
const context = join(scratch, 'context')
try {
  makeContext()
  const results = measureInTurn(contestants(), runs)
  writeFileSync(RESULTS, reportOf(results))
  process.stdout.write(reportOf(results))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function makeContext(): void {
  const nextText = createText()
  for (let index = 0; index < FILES; index += 1) {
    const directory = join(context, 'app', `package-${Math.floor(index / FILES_PER_DIRECTORY)}`, 'lib')
    if (index % FILES_PER_DIRECTORY === 0) mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `module-${index}.js`), nextText(SIZES[index % SIZES.length] ?? 0))
  }
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY app /srv/app\nCMD ["/srv/app/main"]\n')
}

/** What is measured: ours in four states, and buildah, which has no cache of what COPY made of a context. */
function contestants(): readonly Contestant[] {
  const build = `${MEASURED_PROGRAM} build --store $WORK/store --progress quiet -o type=oci,dest=$OUT ${context}`
  const touched = join(context, 'app/package-7/lib/module-350.js')
  const earlier = `${build} && rm $WORK/peak`
  const storage = '--root $WORK/root --runroot $WORK/run'
  return [
    { name: COLD, command: build },
    { name: UNCHANGED, command: build, prepare: earlier },
    { name: REMOVED, command: build, prepare: `${earlier} && rm $OUT` },
    { name: CHANGED, command: build, prepare: `${earlier} && date +%N >>${touched} && sleep 0.1` },
    {
      name: BUILDAH,
      command: [
        `buildah ${storage} bud --isolation chroot --no-cache -q -t bench ${context} >$WORK/id`,
        `buildah ${storage} push -q bench oci-archive:$OUT`
      ].join(' && ')
    }
  ]
}

function reportOf(results: ReadonlyMap<string, readonly Measurement[]>): string {
  const cold = results.get(COLD) ?? []
  const rows = [...results].map(([name, own]) => {
    const ratio = (of: (measurement: Measurement) => number) => medianRatio(own, cold, of).toFixed(3)
    const seconds = median(own.map((each) => each.seconds)).toFixed(2)
    const peak = median(own.map((each) => each.peakMegabytes))
    const cells = [name, seconds, ratio((each) => each.seconds), ratio((each) => each.cpuSeconds)]
    return `| ${[...cells, Number.isNaN(peak) ? '' : `${peak} MB`].join(' | ')} |`
  })
  return `${[
    `# Build of a context of ${FILES} files to an OCI archive, beside buildah`,
    '',
    `Medians of ${runs} runs in turn on one machine; ratios to our cold build. Remake it with`,
    '`node dist/bench/build.js`.',
    '',
    '| build | seconds | time | CPU | our peak memory |',
    '|---|---|---|---|---|',
    ...rows
  ].join('\n')}\n`
}
