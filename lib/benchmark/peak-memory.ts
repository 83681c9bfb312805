import { readFileSync } from 'node:fs'

/**
 * Bytes of memory that this process held at the most. On Linux as its own pages have it: what `getrusage` says there
 * begins with the memory of the process that started this one.
 */
export function peakMemory(): number {
  const kilobytes = process.platform === 'linux' ? highWaterMark() : null
  return (kilobytes ?? process.resourceUsage().maxRSS) * 1024
}

/** proc_pid_status(5), VmHWM. */
function highWaterMark(): number | null {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return kilobytes === undefined ? null : Number(kilobytes)
}
