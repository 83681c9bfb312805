import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { readContextState } from '../../lib/build/context-state.js'
import { createListedDirectories } from '../../lib/build/listed-directories.js'
import { bytesOfText } from '../../lib/streams/bytes.js'

test('who interrupted a build waited until some hundred directories with many files had been looked at', async (t) => {
  const root = t.testdir()
  const directories = Array.from({ length: 20 }, (_, index) => `d${index}`)
  for (const directory of directories) {
    mkdirSync(join(root, directory))
    for (let file = 0; file < 200; file += 1) writeFileSync(join(root, directory, `f${file}`), '')
  }
  const controller = new AbortController()
  setImmediate(() => controller.abort(new Error('interrupted')))
  const reading = readContextState(bytesOfText(root), directories, createListedDirectories(), controller.signal)
  await t.rejects(reading, { message: 'interrupted' })
})
