import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe, type RunSettings } from '../helpers/command.js'

const isBefore22 = Number(process.versions.node.split('.')[0]) < 22
const only20 = { skip: isBefore22 ? false : 'Node keeps compiled code itself' }

test('what was compiled is taken from the second run on and written once', only20, async (t) => {
  const cwd = t.testdir({})
  await layerpipe(['--version'], settings(cwd))
  const [file = ''] = keptFiles(cwd)
  const kept = readFileSync(file)
  t.ok(kept.length > 10_000, 'functions that have run are in it')
  t.match(await layerpipe(['--version'], settings(cwd)), { code: 0, stderr: '' })
  t.same(keptFiles(cwd), [file])
  t.ok(readFileSync(file).equals(kept))
})

test('compiled code that is damaged, cut short or empty is not run', only20, async (t) => {
  const cwd = t.testdir({})
  await layerpipe(['--version'], settings(cwd))
  const [file = ''] = keptFiles(cwd)
  const kept = readFileSync(file)
  const damage = [
    () =>
      writeFileSync(
        file,
        kept.map((byte, at) => (at === kept.length >> 1 ? byte ^ 0xff : byte))
      ),
    () => truncateSync(file, kept.length - 1),
    () => appendFileSync(file, 'x'),
    () => truncateSync(file, 0)
  ]
  for (const spoil of damage) {
    writeFileSync(file, kept)
    spoil()
    t.match(await layerpipe(['--version'], settings(cwd)), { code: 0, stderr: '' })
  }
})

test('compiled code that others could have written, or that a link leads to, is not run', only20, async (t) => {
  const cwd = t.testdir({})
  await layerpipe(['--version'], settings(cwd))
  const [file = ''] = keptFiles(cwd)
  const open = (): void => chmodSync(file, 0o666)
  const link = (): void => {
    renameSync(file, join(cwd, 'elsewhere'))
    symlinkSync(join(cwd, 'elsewhere'), file)
  }
  for (const change of [open, link]) {
    change()
    t.match(await layerpipe(['--version'], settings(cwd)), { code: 0, stderr: '' })
    const found = lstatSync(file)
    t.ok(found.isFile(), 'it was compiled and kept anew')
    t.equal(found.mode & 0o777, 0o600)
  }
})

test('after damage the code is compiled and kept anew', only20, async (t) => {
  const cwd = t.testdir({})
  await layerpipe(['--version'], settings(cwd))
  const [file = ''] = keptFiles(cwd)
  truncateSync(file, 3)
  await layerpipe(['--version'], settings(cwd))
  t.ok(readFileSync(file).length > 10_000)
})

test('a run that fails keeps what it compiled and its exit code', only20, async (t) => {
  const cwd = t.testdir({})
  t.match(await layerpipe(['export', 'missing', '-o', 'type=cacheonly'], settings(cwd)), { code: 2 })
  t.ok(keptFiles(cwd).some((file) => file.includes('export')))
})

function settings(cwd: string): RunSettings {
  return { cwd, env: { NODE_DISABLE_COMPILE_CACHE: '0' } }
}

function keptFiles(cwd: string): readonly string[] {
  const directory = join(cwd, '.cache/layerpipe/compiled')
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.cjs'))
    .map((path) => join(directory, path))
}
