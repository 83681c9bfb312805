import { type Contestant, type Measurement, measureInTurn, median, medianRatio } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'
import type { Tree } from './trees.js'

/** An export of ours and what people do today for the same. */
export interface Match {
  readonly setting: string
  /** Of our output. */
  readonly attributes: string
  readonly theirs: readonly {
    readonly name: string
    readonly command: (tree: Tree) => string
    readonly prepare?: string
  }[]
}

/** With named pipes, not `>(sha256sum)`: the shell would neither wait for those nor count their CPU seconds. */
export const pipeline = (compressor: string) => (tree: Tree) =>
  'mkfifo $WORK/a $WORK/b; sha256sum <$WORK/a >$WORK/layer & sha256sum <$WORK/b >$WORK/blob & ' +
  `tar -C ${tree.path} -cf - . | tee $WORK/a | ${compressor} | tee $WORK/b >$OUT; wait`

const ours = (tree: Tree, attributes: string) =>
  `${MEASURED_PROGRAM} export dir:${tree.path} --progress quiet --no-cache -o type=oci,dest=$OUT,${attributes}`

export const MATCHES: readonly Match[] = [
  {
    setting: 'gzip, default level',
    attributes: 'compression=gzip',
    theirs: [{ name: 'tar, sha256sum, pigz -6', command: pipeline('pigz -6') }]
  },
  {
    setting: 'zstd, default level',
    attributes: 'compression=zstd',
    theirs: [{ name: 'tar, sha256sum, zstd -T0 -3', command: pipeline('zstd -q -T0 -3') }]
  },
  {
    setting: 'uncompressed',
    attributes: 'compression=uncompressed',
    theirs: [{ name: 'tar, sha256sum', command: pipeline('cat') }]
  }
]

export interface Row {
  readonly tree: string
  readonly setting: string
  readonly peer: string
  readonly time: number
  readonly cpu: number
  /** Null where the peer does not make one file. */
  readonly size: number | null
  readonly peakMegabytes: number
}

/** The top of a table of rows. */
export const ROWS_HEAD = [
  '| tree | setting | peer | time | CPU | size | our peak memory |',
  '|---|---|---|---|---|---|---|'
]

export function formatRow({ tree, setting, peer, time, cpu, size, peakMegabytes }: Row): string {
  const bytes = size === null ? '' : size.toFixed(3)
  return `| ${tree} | ${setting} | ${peer} | ${time.toFixed(2)} | ${cpu.toFixed(2)} | ${bytes} | ${peakMegabytes} MB |`
}

/** Ours against each peer, as medians of the ratios of runs side by side. */
export function compareExports(tree: Tree, match: Match, runs: number): readonly Row[] {
  const contestants: readonly Contestant[] = [
    { name: 'ours', command: ours(tree, match.attributes) },
    ...match.theirs.map(({ name, command, prepare }) => ({ name, command: command(tree), ...(prepare && { prepare }) }))
  ]
  const results = measureInTurn(contestants, runs)
  const own = results.get('ours') ?? []
  return match.theirs.map(({ name }) => {
    const peer = results.get(name) ?? []
    const ratio = (of: (measurement: Measurement) => number): number => medianRatio(own, peer, of)
    return {
      tree: tree.name,
      setting: match.setting,
      peer: name,
      time: ratio(({ seconds }) => seconds),
      cpu: ratio(({ cpuSeconds }) => cpuSeconds),
      size: peer.some(({ bytes }) => bytes > 0) ? ratio(({ bytes }) => bytes) : null,
      peakMegabytes: median(own.map(({ peakMegabytes }) => peakMegabytes))
    }
  })
}
