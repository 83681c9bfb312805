import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { fingerprint } from '../../lib/blob/fingerprint.js'
import { createPendingFile } from '../../lib/blob/pending-file.js'
import { openStore } from '../../lib/blob/store.js'
import { createWrittenFiles } from '../../lib/blob/written-files.js'

const CONTENTS = 'an archive'

/** A file that was written, and the store's memory of such files. */
async function prepare(t: Test) {
  const directory = t.testdir({})
  const path = join(directory, 'out.tar')
  const pending = await createPendingFile(path)
  pending.writable().end('ours')
  const state = await pending.commit()
  if (state === null) throw new Error('nobody else writes here')
  const replace = (): void => {
    writeFileSync(join(directory, 'other'), 'theirs')
    renameSync(join(directory, 'other'), path)
  }
  return { path, state, replace, files: createWrittenFiles(openStore(join(directory, 'store')).records) }
}

test('a file that was noted is known, with the fingerprint that it has in its place', async (t) => {
  const { path, state, files } = await prepare(t)
  t.equal(state, await fingerprint(path))
  await files.note(path, CONTENTS, state)
  t.ok(await files.holds(path, CONTENTS))
  t.notOk(await files.holds(path, 'another archive'))
})

test('a file that took the place of ours before ours was noted is not taken for it', async (t) => {
  const { path, state, replace, files } = await prepare(t)
  replace()
  await files.note(path, CONTENTS, state)
  t.notOk(await files.holds(path, CONTENTS))
})

test('a file that took the place of ours before that was renewed is neither touched nor taken for it', async (t) => {
  const { path, state, replace, files } = await prepare(t)
  await files.note(path, CONTENTS, state)
  t.ok(await files.holds(path, CONTENTS))
  replace()
  utimesSync(path, 1000, 1000)
  await files.renew(path, CONTENTS)
  t.equal(statSync(path).mtimeMs, 1_000_000)
  t.notOk(await files.holds(path, CONTENTS))
  t.equal(readFileSync(path, 'utf8'), 'theirs')
})

test('a file that is renewed is as new as if it were written, and known', async (t) => {
  const { path, files } = await prepare(t)
  utimesSync(path, 1000, 1000)
  await files.note(path, CONTENTS, (await fingerprint(path)) ?? '')
  await files.renew(path, CONTENTS)
  t.ok(statSync(path).mtimeMs > 1_000_000)
  t.ok(await files.holds(path, CONTENTS))
})
