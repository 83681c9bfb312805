import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { codeOf } from '../errors.js'

/**
 * Names a process in a file name, so that a later one can tell whether it still runs: `host-pid-start`.
 *
 * `host` stands for the machine and its process namespace, `start` for the boot and the moment the process started,
 * because process ids are used again.
 */
export type Owner = string

/** How an owner is spelled, for file names that have one in them. */
export const ownerPattern = '[0-9a-f]{8}-[0-9]+-[0-9a-f]{8}'

/** Whether an owner runs; one on another host can't be asked. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere'

/** This process. */
export function ownOwner(): Owner {
  own ??= `${hostName()}-${process.pid}-${startOf(process.pid) ?? UNKNOWN_START}`
  return own
}

export function stateOf(owner: Owner): OwnerState {
  const [host, pid, start] = owner.split('-')
  if (host !== hostName()) return 'elsewhere'
  if (!exists(Number(pid))) return 'dead'
  const actual = startOf(Number(pid))
  return actual === null || start === UNKNOWN_START || actual === start ? 'alive' : 'dead'
}

// Where there is no /proc the process id alone has to do: then a leftover may stay, but nothing in use is removed.
const UNKNOWN_START = '00000000'

let own: Owner | undefined
let host: string | undefined

function hostName(): string {
  host ??= shortDigest(`${hostname()} ${processNamespace()}`)
  return host
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** proc(5): field 22 of stat, counted after the command's name, which may hold anything. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return shortDigest(`${boot} ${ticks}`)
  } catch {
    return null
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
