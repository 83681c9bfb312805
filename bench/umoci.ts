import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Match } from './export.js'
import { environmentOfUsers } from './measure.js'
import { MEASURED_PROGRAM } from './program.js'
import type { Tree } from './trees.js'

export const BESIDE_UMOCI = 'gzip, no larger than that of umoci'

const LEVELS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

const makeLayout = 'umoci init --layout $WORK/layout && umoci new --image $WORK/layout:t'
const insert = (tree: Tree) => `umoci insert --image $WORK/layout:t ${tree.path} /`
const largestBlob = 'ls -S $WORK/layout/blobs/sha256/* | sed -n 1p'

/** gzip at the lowest level whose layer is no larger than that of `umoci insert`, beside that. Tries the levels once. */
export function matchUmoci(tree: Tree): Match {
  const theirs = layerSize(`${makeLayout} && ${insert(tree)}`)
  const { level, size } = lowestWithin(theirs, tree)
  return {
    setting: `${BESIDE_UMOCI}: level ${level}, ${megabytes(size)} beside ${megabytes(theirs)}`,
    attributes: `compression=gzip,compression-level=${level}`,
    theirs: [
      {
        name: 'umoci insert',
        prepare: makeLayout,
        command: (tree) => `${insert(tree)} && ln $(${largestBlob}) $OUT`
      }
    ]
  }
}

function lowestWithin(limit: number, tree: Tree): { readonly level: number; readonly size: number } {
  for (const level of LEVELS) {
    const size = layerSize(exportAt(tree, level))
    if (size <= limit) return { level, size }
  }
  throw new Error(`${tree.name}: the layer of umoci is smaller than ours at every level`)
}

function exportAt(tree: Tree, level: number): string {
  const output = `type=oci,tar=false,dest=$WORK/layout,compression=gzip,compression-level=${level}`
  return `${MEASURED_PROGRAM} export dir:${tree.path} --progress quiet --no-cache -o ${output}`
}

/** Bytes of the largest blob in the layout that a command makes: of its only layer. */
function layerSize(command: string): number {
  const directory = mkdtempSync(join(tmpdir(), 'layerpipe-umoci-'))
  try {
    const env = { ...environmentOfUsers(), WORK: directory }
    const { status, stderr } = spawnSync('bash', ['-euc', command], { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command}\n${stderr}`)
    const blobs = join(directory, 'layout/blobs/sha256')
    return Math.max(...readdirSync(blobs).map((name) => statSync(join(blobs, name)).size))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
