import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MAIN, MEASURED_PROGRAM } from './program.js'

/* node dist/bench/registry.js [RUNS] [MEBIBYTES]: pushes an image that is there already, beside skopeo. */

const DIST = join(import.meta.dirname, '..')
const RESULTS = join(DIST, '../bench/results/registry.md')
const runs = Number(process.argv[2] ?? 3)
const mebibytes = Number(process.argv[3] ?? 1024)
const work = mkdtempSync(join(tmpdir(), 'layerpipe-bench-registry-'))
const layout = join(work, 'layout')

interface Registry {
  readonly name: string
  readonly host: string
  /** Emptied before each run. */
  readonly data: string
  readonly process: ChildProcess
}

function makeLayout(): void {
  const tree = join(work, 'tree')
  mkdirSync(tree)
  spawnSync('sh', ['-c', `head -c ${mebibytes}M /dev/urandom > ${tree}/blob`])
  const output = `type=oci,dest=${layout},tar=false,compression=uncompressed`
  spawnSync(process.execPath, [MAIN, 'export', `dir:${tree}`, '-o', output, '--progress', 'quiet'])
  rmSync(tree, { recursive: true })
}

async function startAll(): Promise<readonly Registry[]> {
  const store = join(work, 'store')
  const own = ['127.0.0.1:5781', '127.0.0.1:5782'] as const
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(work, 'docker') } },
    http: { addr: own[1] }
  }
  writeFileSync(join(work, 'config.json'), JSON.stringify(config))
  const serve = spawn(process.execPath, [MAIN, 'serve', '--store', store, '--listen', own[0]], { stdio: 'ignore' })
  const docker = spawn('docker-registry', ['serve', join(work, 'config.json')], { stdio: 'ignore' })
  await wait(3000)
  return [
    { name: 'layerpipe serve', host: own[0], data: join(store, 'registry'), process: serve },
    { name: 'docker-registry', host: own[1], data: join(work, 'docker'), process: docker }
  ]
}

function compare({ name, host, data }: Registry): string {
  const prepare = `rm -rf ${data}/*`
  const ours = `${MEASURED_PROGRAM} export oci:${layout} --store $WORK/store`
  const results = measureInTurn(
    [
      { name: 'ours', prepare, command: `${ours} --progress quiet -o type=registry,name=${host}/bench:1` },
      {
        name: 'skopeo',
        prepare,
        command: `skopeo copy -q --preserve-digests --dest-tls-verify=false oci:${layout} docker://${host}/bench:1`
      }
    ],
    runs
  )
  const [own, peer] = [results.get('ours') ?? [], results.get('skopeo') ?? []]
  const ratio = (of: (measurement: Measurement) => number): string => medianRatio(own, peer, of).toFixed(2)
  const rate = (mebibytes / median(own.map(({ seconds }) => seconds))).toFixed(0)
  const peak = median(own.map(({ peakMegabytes }) => peakMegabytes))
  return `| ${name} | ${ratio(({ seconds }) => seconds)} | ${ratio(({ cpuSeconds }) => cpuSeconds)} | ${rate} MiB/s | ${peak} MB |`
}

let registries: readonly Registry[] = []
try {
  makeLayout()
  registries = await startAll()
  const table = [
    '# Push of an image that is there already, beside skopeo',
    '',
    `An uncompressed layer of ${mebibytes} MiB over loopback. Ratios ours / \`skopeo copy --preserve-digests\`: medians of`,
    `${runs} runs in turn. Below 1 is less. Remake it with \`node dist/bench/registry.js\`.`,
    '',
    '| registry | time | CPU | our rate | our peak memory |',
    '|---|---|---|---|---|',
    ...registries.map(compare)
  ].join('\n')
  mkdirSync(dirname(RESULTS), { recursive: true })
  writeFileSync(RESULTS, `${table}\n`)
  process.stdout.write(`${table}\n`)
} finally {
  for (const registry of registries) registry.process.kill()
  rmSync(work, { recursive: true, force: true })
}
