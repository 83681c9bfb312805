import { readFileSync, renameSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import type { Ran } from '../helpers/command.js'
import { layerpipe } from '../helpers/command-here.js'

const TREE = { app: { file: 'contents' } }

function exportTo(cwd: string, output: string, ...flags: readonly string[]): Promise<Ran> {
  return layerpipe(['export', 'app', '-o', output, ...flags], { cwd })
}

/** Whether a run left the file as it was: what is written takes the place of the old one. */
async function isKept(cwd: string, output: string, ...flags: readonly string[]): Promise<boolean> {
  const { ino } = statSync(join(cwd, 'app.tar'))
  const ran = await exportTo(cwd, output, ...flags)
  if (ran.code !== 0) throw new Error(ran.stderr)
  const kept = statSync(join(cwd, 'app.tar')).ino === ino
  if (kept !== /sending tarball .*CACHED/.test(ran.stderr))
    throw new Error(`the progress says otherwise: ${ran.stderr}`)
  return kept
}

for (const type of ['oci', 'docker']) {
  test(`a tarball that is there already is not written again, but as new as if it were: ${type}`, async (t) => {
    const cwd = t.testdir(TREE)
    const output = `type=${type},dest=app.tar`
    await exportTo(cwd, output)
    const bytes = readFileSync(join(cwd, 'app.tar'))
    for (let run = 0; run < 2; run += 1) {
      utimesSync(join(cwd, 'app'), 1, 1)
      const before = Date.now()
      t.ok(await isKept(cwd, output))
      t.ok(statSync(join(cwd, 'app.tar')).mtimeMs >= before - 1, 'make takes it for newer than what it is made of')
      t.ok(readFileSync(join(cwd, 'app.tar')).equals(bytes))
    }
  })
}

test('the receipt of a tarball that is there already is that of one that was written', async (t) => {
  const cwd = t.testdir(TREE)
  const flags = ['--metadata-file', 'metadata.json']
  await exportTo(cwd, 'type=oci,dest=app.tar', ...flags)
  const metadata = readFileSync(join(cwd, 'metadata.json'), 'utf8')
  t.ok(await isKept(cwd, 'type=oci,dest=app.tar', ...flags))
  t.equal(readFileSync(join(cwd, 'metadata.json'), 'utf8'), metadata)
})

test('a tarball that somebody has touched is written again', async (t) => {
  const cwd = t.testdir(TREE)
  const file = join(cwd, 'app.tar')
  const output = 'type=oci,dest=app.tar'
  await exportTo(cwd, output)
  const bytes = readFileSync(file)
  const touches = {
    'other bytes, as many, and the old time': () => {
      const { atime, mtime } = statSync(file)
      writeFileSync(file, Buffer.alloc(bytes.length))
      utimesSync(file, atime, mtime)
    },
    'cut short': () => writeFileSync(file, bytes.subarray(1)),
    'another file in its place': () => {
      writeFileSync(`${file}.other`, 'other')
      renameSync(`${file}.other`, file)
    },
    'a link to another file': () => {
      writeFileSync(join(cwd, 'target'), 'other')
      unlinkSync(file)
      symlinkSync('target', file)
    }
  }
  for (const [name, touch] of Object.entries(touches)) {
    touch()
    t.notOk(await isKept(cwd, output), name)
    t.ok(readFileSync(file).equals(bytes), name)
  }
})

test('a tarball that was removed is written again', async (t) => {
  const cwd = t.testdir(TREE)
  await exportTo(cwd, 'type=oci,dest=app.tar')
  unlinkSync(join(cwd, 'app.tar'))
  await exportTo(cwd, 'type=oci,dest=app.tar')
  t.ok(statSync(join(cwd, 'app.tar')).size > 0)
})

test('a tarball is written again where it would be another', async (t) => {
  const cwd = t.testdir(TREE)
  await exportTo(cwd, 'type=oci,dest=app.tar')
  t.notOk(await isKept(cwd, 'type=oci,dest=app.tar,name=a:1'), 'a name')
  t.notOk(await isKept(cwd, 'type=docker,dest=app.tar,name=a:1'), 'another exporter')
  t.notOk(await isKept(cwd, 'type=docker,dest=app.tar,name=a:1,compression=zstd'), 'another codec')
  writeFileSync(join(cwd, 'app/file'), 'changed')
  t.notOk(await isKept(cwd, 'type=docker,dest=app.tar,name=a:1,compression=zstd'), 'other contents')
})

test('a tarball is written again without a cache, and where the store is another', async (t) => {
  const cwd = t.testdir(TREE)
  await exportTo(cwd, 'type=oci,dest=app.tar')
  t.notOk(await isKept(cwd, 'type=oci,dest=app.tar', '--no-cache'))
  t.notOk(await isKept(cwd, 'type=oci,dest=app.tar', '--store', 'other'))
})

test('a tarball that a policy refuses is left as it is', async (t) => {
  const cwd = t.testdir({ ...TREE, 'policy.json': '{"forbidden-paths":["file"]}' })
  await exportTo(cwd, 'type=oci,dest=app.tar')
  const { ino, mtimeMs } = statSync(join(cwd, 'app.tar'))
  const ran = await exportTo(cwd, 'type=oci,dest=app.tar', '--policy', 'policy.json')
  t.equal(ran.code, 1, ran.stderr)
  t.match(statSync(join(cwd, 'app.tar')), { ino, mtimeMs })
})
