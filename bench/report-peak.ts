import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/* Loaded into a measured process with --import: when it ends, it writes down its peak memory in MB. */
process.on('exit', () => {
  const { WORK } = process.env
  if (WORK) appendFileSync(join(WORK, 'peak'), `${Math.round(process.resourceUsage().maxRSS / 1024)}\n`)
})
