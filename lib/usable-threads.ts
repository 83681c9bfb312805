import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'

/** How much of its machine a process may use. */
export interface Allowance {
  /** Cores that it may run on. */
  readonly cores: number
  /** Seconds of processor time in each second, over all cores; null is no limit. */
  readonly quota: number | null
  /** Bytes. */
  readonly memory: number
}

/**
 * How many threads are worth having: one for each core, but no more than a container is given time and memory for. In one
 * that may use two of 64 cores, as many threads as cores would be slower than two, and need more memory than it has.
 */
export function usableThreads({ cores, quota, memory }: Allowance = ownAllowance()): number {
  return Math.max(1, Math.min(cores, Math.ceil(quota ?? cores), Math.floor(memory / MEMORY_OF_THREAD)))
}

/** What a thread takes at the highest level of zstd is 50 MB; the rest is for what else runs there. Bytes. */
const MEMORY_OF_THREAD = 2 ** 27

function ownAllowance(): Allowance {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return { cores: availableParallelism(), quota: processorQuota(readText), memory }
}

/** Gives a file's text; null where there is none. */
type Read = (path: string) => string | null

/** The least of what the control groups of this process are given (cgroups(7)); null where they are given all. */
export function processorQuota(read: Read): number | null {
  const quotas = (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (controllers !== '' && !controllers.split(',').includes('cpu')) return []
    const quotaIn = controllers === '' ? quotaOfUnified : quotaOfController
    const root = join(GROUPS, controllers)
    return withAncestors(path).flatMap((group) => quotaIn(join(root, group), read) ?? [])
  })
  return quotas.length === 0 ? null : Math.min(...quotas)
}

const GROUPS = '/sys/fs/cgroup'

/** Version 2: `max` or microseconds, and the period. */
function quotaOfUnified(group: string, read: Read): number | null {
  const [quota = 'max', period] = (read(join(group, 'cpu.max')) ?? '').split(' ')
  return quotient(Number(quota), Number(period))
}

/** Version 1: microseconds, -1 where there is no limit. */
function quotaOfController(group: string, read: Read): number | null {
  return quotient(Number(read(join(group, 'cpu.cfs_quota_us'))), Number(read(join(group, 'cpu.cfs_period_us'))))
}

function quotient(quota: number, period: number): number | null {
  return quota > 0 && period > 0 ? quota / period : null
}

/** In a container a group's path may be that of the host, of which only the root is there. */
function withAncestors(path: string): readonly string[] {
  const above = dirname(path)
  return above === path ? [path] : [path, ...withAncestors(above)]
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null // no such controller, or not Linux
  }
}
