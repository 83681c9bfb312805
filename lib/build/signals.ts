import { constants } from 'node:os'

/** Whether Linux knows a signal by this name or number: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`. */
export function isSignal(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) > 0 && Number(text) <= 64
  const name = text.toUpperCase().replace(/^SIG/, '')
  if (/^RTM(?:IN(?:\+\d+)?|AX(?:-\d+)?)$/.test(name)) return true
  return Object.hasOwn(constants.signals, `SIG${name}`) || LINUX_ONLY.has(name)
}

/** Those that Node does not name on every system. */
const LINUX_ONLY = new Set(['CLD', 'STKFLT', 'POLL', 'PWR', 'UNUSED'])
