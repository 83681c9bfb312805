import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import tap from 'tap'

// Every test file as a plain process of Node: the loaders that tap puts before the files given to it, for TypeScript,
// mocks and coverage, serve nothing here, and take more time than most of the files. Parameters name the folders to run.
const directory = fileURLToPath(new URL('.', import.meta.url))
const folders = process.argv.slice(2)
const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => folders.length === 0 || folders.some((folder) => file.startsWith(`${folder}/`)))
  .sort()

/** Milliseconds that a file may take, on a machine that is busy with something else. */
const TIMEOUT = 300_000

for (const folder of folders) {
  if (!files.some((file) => file.startsWith(`${folder}/`))) tap.fail(`${folder} has no tests`)
}

/** The runner's own options, and authorities that every start of Node would read again: tests talk to this machine alone. */
const WITHOUT = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'].flatMap((name) => ['-u', name])

tap.jobs = 3
for (const file of files) {
  const words = [...WITHOUT, process.execPath, '--enable-source-maps', `${directory}${file}`]
  tap.spawn('env', words, { buffered: true, timeout: TIMEOUT }, file)
}
