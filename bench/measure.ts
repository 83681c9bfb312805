import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One run of a shell command: what the kernel counted for it and all its children. */
export interface Measurement {
  readonly seconds: number
  readonly cpuSeconds: number
  /** Peak of the largest single process, in MB. */
  readonly peakMegabytes: number
  /** Bytes of the file that it made. */
  readonly bytes: number
}

/** A command to measure. In `command`, `$OUT` is the file to make; it is removed before each run. */
export interface Contestant {
  readonly name: string
  readonly command: string
  /** Run before each measured run, and not counted. */
  readonly prepare?: string
}

/**
 * Runs contestants in turn, A B A B …, so that a machine whose speed drifts drifts for all of them, and gives the
 * measurements of each. One turn before is not counted.
 */
export function measureInTurn(contestants: readonly Contestant[], runs: number): ReadonlyMap<string, Measurement[]> {
  const results = new Map<string, Measurement[]>(contestants.map(({ name }) => [name, []]))
  for (let turn = 0; turn <= runs; turn += 1) {
    for (const contestant of contestants) {
      const measurement = measure(contestant)
      if (turn > 0) results.get(contestant.name)?.push(measurement)
    }
  }
  return results
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The median of the ratios of runs of the same turn. */
export function medianRatio(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
  of: (measurement: Measurement) => number
): number {
  return median(ours.map((measurement, turn) => of(measurement) / of(theirs[turn] ?? measurement)))
}

/** Without certificates that Node would read each time before a program starts: a tenth of a second that is not ours. */
export function environmentOfUsers(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env
  return environment
}

function measure({ command, prepare }: Contestant): Measurement {
  const directory = mkdtempSync(join(tmpdir(), 'layerpipe-bench-'))
  try {
    const environment = { ...environmentOfUsers(), OUT: join(directory, 'out'), WORK: directory }
    if (prepare) shell(prepare, environment)
    const timed = `TIMEFORMAT='%R %U %S'; time { ${command}\n}`
    const [wall = 0, user = 0, system = 0] = lastLine(shell(timed, environment)).split(' ').map(Number)
    const peakMegabytes = peakOf(join(directory, 'peak'))
    return { seconds: wall, cpuSeconds: user + system, peakMegabytes, bytes: sizeOf(environment.OUT) }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function shell(script: string, env: NodeJS.ProcessEnv): string {
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${script}\n${stderr}`)
  return stderr
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Written by `report-peak.ts` in the processes that load it. */
function peakOf(file: string): number {
  try {
    return Math.max(...readFileSync(file, 'utf8').trim().split('\n').map(Number))
  } catch {
    return Number.NaN
  }
}
