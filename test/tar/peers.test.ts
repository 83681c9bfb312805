import { execFileSync, spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { bytesOfText } from '../../lib/streams/bytes.js'
import { extractAll } from '../helpers/tars.js'

const longName = `${'directory/'.repeat(9)}${'name'.repeat(30)}`

function makeTree(t: Test): string {
  const root = t.testdir()
  mkdirSync(join(root, longName, '..'), { recursive: true })
  writeFileSync(join(root, 'a'), 'hello', { mode: 0o640 })
  writeFileSync(join(root, longName), 'long', { mode: 0o600 })
  writeFileSync(join(root, 'ü'), Buffer.alloc(100_000, 'ü'))
  symlinkSync(`../${'target/'.repeat(30)}`, join(root, 's'))
  linkSync(join(root, 'a'), join(root, 'h'))
  utimesSync(join(root, 'a'), 1_600_000_000.25, 1_600_000_000.25)
  return root
}

async function verify(t: Test, tar: Buffer, fraction: number): Promise<void> {
  const found = new Map((await extractAll(tar)).map((each) => [each.entry.path, each]))
  t.match(found.get('a')?.entry, { type: 'file', mode: 0o640, size: 5, mtime: 1_600_000_000, nanoseconds: fraction })
  t.same(found.get('a')?.body.toString(), 'hello')
  t.match(found.get(longName), { entry: { type: 'file', mode: 0o600 }, body: Buffer.from('long') })
  t.ok(found.get(bytesOfText('ü'))?.body.equals(Buffer.alloc(100_000, 'ü')))
  t.match(found.get('s')?.entry, { type: 'symlink', link: `../${'target/'.repeat(30)}` })
  t.match(found.get('h')?.entry, { type: 'hardlink', link: 'a', size: 0 })
  t.match(found.get('directory')?.entry, { type: 'directory' })
  t.equal(found.size, 14)
}

const members = ['a', 'directory', 's', 'ü', 'h']
const skipWithout = (command: string): { skip: string | false } => ({
  skip: spawnSync(command, ['--version']).status === 0 ? false : `${command} is not installed`
})

for (const [format, nanoseconds] of [
  ['gnu', 0],
  ['posix', 250_000_000]
] as const) {
  test(`what GNU tar writes as ${format} is read`, async (t) => {
    const tree = makeTree(t)
    await verify(t, execFileSync('tar', ['-C', tree, `--format=${format}`, '-cf', '-', ...members]), nanoseconds)
  })
}

test('what GNU tar --sparse writes is refused', async (t) => {
  const tree = t.testdir()
  execFileSync('truncate', ['-s', '10M', join(tree, 'hole')])
  for (const format of ['gnu', 'posix']) {
    const tar = execFileSync('tar', ['-C', tree, '--sparse', `--format=${format}`, '-cf', '-', 'hole'])
    await t.rejects(extractAll(tar), { code: 'ERR_INPUT', message: /a sparse file/ })
  }
})

for (const [format, nanoseconds] of [
  ['GNU', 0],
  ['PAX', 250_000_000]
] as const) {
  test(`what Python's tarfile writes as ${format} is read`, skipWithout('python3'), async (t) => {
    const tree = makeTree(t)
    const script = `import sys, tarfile
with tarfile.open('out.tar', 'w', format=tarfile.${format}_FORMAT) as tar:
  for name in sys.argv[1:]: tar.add(name)`
    execFileSync('python3', ['-c', script, ...members], { cwd: tree, env: { ...process.env, PYTHONUTF8: '1' } })
    await verify(t, readFileSync(join(tree, 'out.tar')), nanoseconds)
  })
}

test('what bsdtar writes is read', skipWithout('bsdtar'), async (t) => {
  await verify(t, execFileSync('bsdtar', ['-C', makeTree(t), '--format=pax', '-cf', '-', ...members]), 250_000_000)
})
