import { fileURLToPath } from 'node:url'
import tap from 'tap'
import { listShares } from './shares.js'

// Test files in plain processes of Node: the loaders that tap puts before the files given to it, for TypeScript, mocks
// and coverage, serve nothing here, and take more time than most of the files. Parameters name the folders to run.
const script = fileURLToPath(new URL('share.js', import.meta.url))
const folders = process.argv.slice(2)
const shares = listShares().filter(
  ({ name }) => folders.length === 0 || folders.some((folder) => name.startsWith(`${folder}/`))
)

/** Milliseconds that a process may take, on a machine that is busy with something else. */
const TIMEOUT = 600_000

for (const folder of folders) {
  if (!shares.some(({ name }) => name.startsWith(`${folder}/`))) tap.fail(`${folder} has no tests`)
}

/** The runner's own options, and authorities that every start of Node would read again: tests talk to this machine alone. */
const WITHOUT = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'].flatMap((name) => ['-u', name])

tap.jobs = 3
for (const { name, files } of shares) {
  const words = [...WITHOUT, process.execPath, '--enable-source-maps', script, name]
  tap.spawn('env', words, { buffered: true, timeout: TIMEOUT }, files.join(' '))
}
