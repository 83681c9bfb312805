import fs = require('node:fs')
import path = require('node:path')

/* Loaded into a measured process with --require: when it ends, it writes down its peak memory in MB. */
process.on('exit', () => {
  const { WORK } = process.env
  if (WORK) fs.appendFileSync(path.join(WORK, 'peak'), `${Math.round(process.resourceUsage().maxRSS / 1024)}\n`)
})
