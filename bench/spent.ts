import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environmentOfUsers } from './measure.js'
import type { Tree } from './trees.js'

/** CPU seconds of one export, by what they were spent on. All but the codec are of the main thread. */
export interface Spent {
  readonly tree: string
  readonly setting: string
  readonly parts: ReadonlyMap<string, number>
  readonly total: number
}

/** What a function of a profile works on: the first that fits its name and the file it is in. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['garbage collection', /^\(garbage collector\) /],
  ['hashing', /crypto\/hash|^(?:update|digest) $/],
  ['start-up', /internal\/(?:modules|bootstrap|vm)|^(?:compile|wrapSafe|internalModuleStat|getOptionValue)/],
  ['walking', /lib\/diff\/(?:directory|read-header|xattr|entry)|^(?:lstat|readdir|listNames|readlink) /],
  [
    'reading and writing',
    /lib\/diff\/|lib\/blob\/|node:fs|internal\/fs|^(?:open|close|read|fstat|write\w*|openFileHandle) $/
  ],
  ['framing', /lib\/tar\/|node:buffer|internal\/buffer|streams\/bytes|^(?:copy|latin1Write|utf8Write) $/],
  ['codec, on the main thread', /lib\/codec\//]
]

/** The program as it is compiled, not joined into few files: there all functions would be in one. */
const MODULES = join(import.meta.dirname, '../lib/cli/main.js')

/** How the threads beside the main one are called here: compression, and the system's part of asynchronous input and output. */
const BESIDE = 'other threads: codec, files, collection'

/** Runs an export once, with a profile of its main thread. */
export function measureSpent(tree: Tree, setting: string, attributes: string): Spent {
  const directory = mkdtempSync(join(tmpdir(), 'layerpipe-spent-'))
  try {
    const profiled = `node --cpu-prof --cpu-prof-interval 500 --cpu-prof-dir=${directory} ${MODULES}`
    const command = `${profiled} export dir:${tree.path} --progress quiet --no-cache -o type=oci,dest=$OUT,${attributes}`
    const timed = `TIMEFORMAT='%U %S'; time { ${command}\n}`
    const env = { ...environmentOfUsers(), OUT: join(directory, 'out') }
    const { status, stderr } = spawnSync('bash', ['-euc', timed], { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command}\n${stderr}`)
    const [user = 0, system = 0] = stderr.trimEnd().split('\n').at(-1)?.split(' ').map(Number) ?? []
    const parts = partsOf(readProfile(directory))
    const main = [...parts.values()].reduce((sum, seconds) => sum + seconds, 0)
    parts.set(BESIDE, Math.max(0, user + system - main))
    return { tree: tree.name, setting, parts, total: user + system }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
  }[]
  readonly samples: readonly number[]
  /** Microseconds. */
  readonly timeDeltas: readonly number[]
}

/** The main thread's: workers write theirs, too, and theirs are shorter. */
function readProfile(directory: string): Profile {
  const names = readdirSync(directory).filter((name) => name.endsWith('.0.001.cpuprofile'))
  return JSON.parse(readFileSync(join(directory, names[0] ?? 'none'), 'utf8')) as Profile
}

function partsOf({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName} ${callFrame.url}`]))
  const parts = new Map<string, number>()
  samples.forEach((id, index) => {
    const name = names.get(id) ?? ''
    if (name.startsWith('(idle)')) return
    const part = PARTS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'streams and the rest'
    parts.set(part, (parts.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1e6)
  })
  return parts
}
