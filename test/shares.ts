import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Test files of one folder that run in one process. */
export interface Share {
  readonly name: string
  readonly files: readonly string[]
}

/** Half a second of every start goes to tap itself, more than most files take. */
const FILES = 8

/** All test files, in the order of their names. */
export function listShares(): readonly Share[] {
  const directory = fileURLToPath(new URL('.', import.meta.url))
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.test.js')).sort()
  const folders = [...new Set(files.map(dirname))]
  return folders.flatMap((folder) =>
    shareOut(
      folder,
      files.filter((file) => dirname(file) === folder)
    )
  )
}

function shareOut(folder: string, files: readonly string[]): readonly Share[] {
  const count = Math.ceil(files.length / FILES)
  return Array.from({ length: count }, (_, at) => ({
    name: `${folder}/${at}`,
    files: files.slice(at * FILES, (at + 1) * FILES)
  }))
}
