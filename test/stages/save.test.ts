import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'tap'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { InputError, OutputError, UsageError } from '../../lib/errors.js'
import { type Node, pipe, run } from '../../lib/graph/index.js'
import type { Changeset, ImageEnd, Receipt } from '../../lib/stages/items.js'
import { type SaveOptions, save } from '../../lib/stages/save.js'
import { flatImage, flatImages } from '../helpers/flat-image.js'
import { fileEntry } from '../helpers/layer-tar.js'
import { withTmpfs } from '../helpers/tmpfs.js'

const defaults = {
  exporter: 'local',
  mode: 'copy',
  deleteAnywhere: true,
  platformSplit: null,
  include: [],
  exclude: []
} as const

async function write(
  node: Node<Changeset | ImageEnd>,
  options: Partial<SaveOptions> & { destination: string }
): Promise<Receipt> {
  const [receipt] = await run([pipe(node, save({ ...defaults, ...options }))])
  return receipt as Receipt
}

const directory = (path: string, mode = 0o755, mtime = 1_500_000_000): EntryBatch => [
  createEntry({ path, type: 'directory', mode, mtime })
]
const symlink = (path: string, link: string): EntryBatch => [
  createEntry({ path, type: 'symlink', mode: 0o777, link, mtime: 1_400_000_000 })
]
const hardlink = (path: string, link: string): EntryBatch => [createEntry({ path, type: 'hardlink', link })]

const modeOf = (path: string): number => lstatSync(path).mode & 0o7777
const isRoot = process.geteuid?.() === 0
const asRoot = { skip: !isRoot && 'needs root' }

test('files keep mode, time, links and contents, whatever the umask', async (t) => {
  const destination = join(t.testdir(), 'new', 'out')
  const before = process.umask(0o077)
  t.teardown(() => process.umask(before))
  const receipt = await write(
    flatImage(
      directory('bin', 0o2750, 1_000_000_000),
      fileEntry('bin/su', 'body', { mode: 0o4755, mtime: 1_600_000_000, nanoseconds: 123_456_000 }),
      hardlink('bin/su2', 'bin/su'),
      fileEntry('empty', '', { mode: 0o666 }),
      symlink('link', '/etc/passwd'),
      fileEntry('old', 'x', { mtime: -100 })
    ),
    { destination }
  )
  const at = (path: string): string => join(destination, path)
  t.equal(modeOf(at('bin')), 0o2750)
  t.equal(lstatSync(at('bin')).mtimeMs, 1_000_000_000_000, 'a directory keeps its time though files came into it')
  t.equal(modeOf(at('bin/su')), 0o4755)
  const times = lstatSync(at('bin/su'), { bigint: true }).mtimeNs - 1_600_000_000_123_456_000n
  t.ok(times < 1000n && times > -1000n, `${times} nanoseconds off`)
  t.equal(lstatSync(at('bin/su')).ino, lstatSync(at('bin/su2')).ino)
  t.equal(modeOf(at('empty')), 0o666)
  t.equal(readlinkSync(at('link')), '/etc/passwd')
  t.equal(lstatSync(at('link')).mtimeMs, 1_400_000_000_000)
  t.equal(lstatSync(at('old')).mtimeMs, -100_000)
  t.match(receipt, { exporter: 'local', destination, bytes: 5, descriptor: null })
  t.same(readdirSync(join(destination, '..')), ['out'])
})

test(
  'a tree with owners, devices, fifos, capabilities and names of any bytes comes back as it was',
  asRoot,
  async (t) => {
    const root = t.testdir({ in: {} })
    const script = `
    cd in; umask 022; mkdir -p a/b "deep dir"; echo one > a/b/one; ln a/b/one a/two; ln -s nowhere dangling
    mknod null c 1 3; mknod loop b 7 1; mkfifo pipe; mknod a/zero c 1 5; chmod 0600 null
    head -c 3000000 /dev/urandom > large; chown 12345:54321 large a; chmod 7777 a/b; chown -h 7:8 dangling
    printf x > "$(printf 'latin\\344')"; mkdir "$(printf 'dir\\377')"; printf y > "$(printf 'dir\\377/uml\\344ut')"
    mknod "$(printf 'node\\376')" c 1 7; : > 'naïve ☃'
    cp large capable; setcap cap_net_raw+ep capable
    find . -depth -exec touch -h -d @1234567890 {} +`
    execFileSync('bash', ['-ec', script], { cwd: root, stdio: 'pipe' })
    const snapshot = createDirectorySnapshot(join(root, 'in'))
    await write(flatImages({ 'linux/amd64': () => snapshot.contents(snapshot.walk()) }), {
      destination: join(root, 'out')
    })
    const listing = `cd "$0"; tar --sort=name --numeric-owner -cf - . | tar -tvf - | tail -n +2
    find . -type f -print0 | sort -z | xargs -0 sha256sum; find . -print0 | sort -z | xargs -0 getcap`
    const list = (path: string): string =>
      execFileSync('bash', ['-c', listing, join(root, path)], { encoding: 'latin1' })
    t.equal(list('out'), list('in'))
    t.match(list('out'), /cap_net_raw/)
  }
)

test('entries may come in any order: directories have their own metadata in the end', async (t) => {
  const destination = join(t.testdir(), 'out')
  await write(
    flatImage(
      fileEntry('a/b/one', '1'),
      fileEntry('c/two', '2'),
      directory('a/b', 0o700, 1_100_000_000),
      directory('a', 0o711, 1_200_000_000),
      fileEntry('a/b/three', '3'),
      fileEntry('a/four', '4'),
      hardlink('c/five', 'a/b/one')
    ),
    { destination }
  )
  t.equal(modeOf(join(destination, 'a/b')), 0o700)
  t.equal(modeOf(join(destination, 'a')), 0o711)
  t.equal(modeOf(join(destination, 'c')), 0o755)
  t.equal(lstatSync(join(destination, 'a/b')).mtimeMs, 1_100_000_000_000)
  t.equal(lstatSync(join(destination, 'a')).mtimeMs, 1_200_000_000_000)
  t.equal(readFileSync(join(destination, 'c/five'), 'utf8'), '1')
})

test('capabilities reach entries whose names are not UTF-8', asRoot, async (t) => {
  const destination = join(t.testdir(), 'out')
  const netRaw = Buffer.from('0100000200200000000000000000000000000000', 'hex')
  const xattrs = new Map([['security.capability', netRaw]])
  await write(flatImage(directory('d\xff'), fileEntry('d\xff/f\xfe', 'x', { xattrs })), { destination })
  const found = execFileSync('bash', ['-c', 'cd "$0"; getcap -r .', destination], { encoding: 'latin1' })
  t.equal(found, './d\xff/f\xfe cap_net_raw=ep\n')
})

test('into a directory that exists the result is merged', async (t) => {
  const root = t.testdir({ out: { keep: 'kept', file: 'old', both: { mine: 'm', shared: 'old' }, wasdir: { x: 'x' } } })
  const destination = join(root, 'out')
  linkSync(join(destination, 'file'), join(root, 'other-name'))
  await write(
    flatImage(
      directory('both', 0o700),
      fileEntry('both/shared', 'new'),
      directory('fresh'),
      fileEntry('fresh/inside', 'f'),
      fileEntry('file', 'new'),
      fileEntry('wasdir', 'now a file')
    ),
    { destination }
  )
  t.same(readdirSync(destination).sort(), ['both', 'file', 'fresh', 'keep', 'wasdir'])
  const text = (path: string): string => readFileSync(join(destination, path), 'utf8')
  t.same(['keep', 'file', 'both/mine', 'both/shared', 'wasdir'].map(text), ['kept', 'new', 'm', 'new', 'now a file'])
  t.equal(modeOf(join(destination, 'both')), 0o700)
  t.equal(lstatSync(join(destination, 'both')).mtimeMs, 1_500_000_000_000)
  t.equal(readFileSync(join(root, 'other-name'), 'utf8'), 'old', 'another name of a replaced file is another file now')
})

test('links in the destination are replaced, never followed', async (t) => {
  const root = t.testdir({ outside: { file: 'precious', dir: { deep: 'precious' } }, out: {} })
  const at = (path: string): string => join(root, path)
  symlinkSync('../outside/file', at('out/file'))
  symlinkSync('../outside/dir', at('out/dir'))
  symlinkSync('../outside', at('out/link'))
  await write(
    flatImage(
      directory('dir'),
      fileEntry('dir/deep', 'written'),
      fileEntry('file', 'written'),
      directory('link', 0o700),
      fileEntry('link/file', 'written')
    ),
    { destination: at('out'), mode: 'delete' }
  )
  t.equal(readFileSync(at('outside/file'), 'utf8'), 'precious')
  t.equal(readFileSync(at('outside/dir/deep'), 'utf8'), 'precious')
  t.not(modeOf(at('outside')), 0o700)
  for (const path of ['out/file', 'out/dir/deep', 'out/link/file']) t.equal(readFileSync(at(path), 'utf8'), 'written')
})

test('delete removes what the result does not have, links themselves and not what they lead to', async (t) => {
  const root = t.testdir({
    outside: { file: 'precious' },
    out: { gone: { deep: { deeper: 'x' } }, stays: { a: 'a', b: 'b' } }
  })
  const destination = join(root, 'out')
  symlinkSync('../outside', join(destination, 'link'))
  await write(flatImage(directory('stays'), fileEntry('stays/b', 'B')), { destination, mode: 'delete' })
  t.same(readdirSync(destination, { recursive: true }).sort(), ['stays', 'stays/b'])
  t.equal(readFileSync(join(root, 'outside/file'), 'utf8'), 'precious')
})

test('delete outside the working directory has to be allowed', async (t) => {
  const destination = join(t.testdir({ out: { file: 'x' } }), 'out')
  const node = flatImage(fileEntry('a', 'a'))
  const cwd = process.cwd()
  t.teardown(() => process.chdir(cwd))
  for (const elsewhere of [destination, '/']) {
    process.chdir(elsewhere)
    const away = elsewhere === '/' ? '/' : destination
    await t.rejects(write(node, { destination: away, mode: 'delete', deleteAnywhere: false }), UsageError)
  }
  process.chdir(join(destination, '..'))
  await write(node, { destination: 'out', mode: 'delete', deleteAnywhere: false })
  t.same(readdirSync(destination), ['a'])
})

const hostile: Readonly<Record<string, EntryBatch>> = {
  'a file through a link': [...symlink('door', '../outside'), ...fileEntry('door/file', 'evil')],
  'a directory over a link': [
    ...symlink('door', '../outside'),
    ...directory('door', 0o777),
    ...fileEntry('door/file', 'evil')
  ],
  'a file over a link': [...symlink('door', '../outside/file'), ...fileEntry('door', 'evil')],
  'a hard link through a link': [...symlink('door', '../outside'), ...hardlink('mine', 'door/file')],
  'a hard link above the root': hardlink('mine', '../outside/file'),
  'a hard link to an absolute path': hardlink('mine', '/etc/passwd'),
  'a path above the root': fileEntry('../outside/file', 'evil'),
  'a path that turns around': fileEntry('a/../../outside/file', 'evil'),
  'an absolute path': fileEntry('/etc/layerpipe', 'evil'),
  'a path longer than any program can use': fileEntry(`${'d/'.repeat(2500)}file`, 'evil'),
  'a name with NUL': fileEntry('a\0b', 'evil'),
  'an empty name': fileEntry('', 'evil'),
  'a fifo over a file': [...fileEntry('a', 'x'), createEntry({ path: 'a', type: 'fifo', mode: 0o644 })],
  'a path twice': [...fileEntry('a', 'x'), ...fileEntry('a', 'y')],
  'a whiteout': [createEntry({ path: 'a', type: 'whiteout' })],
  'a body that is too short': [createEntry({ path: 'a', type: 'file', size: 5 }), Buffer.from('abc')],
  'a body that is too long': [createEntry({ path: 'a', type: 'file', size: 2 }), Buffer.from('abc')]
}

for (const [what, entries] of Object.entries(hostile)) {
  test(`${what} is refused, and nothing is left`, async (t) => {
    const root = t.testdir({ outside: { file: 'precious' }, full: { file: 'precious' } })
    for (const destination of [join(root, 'out'), join(root, 'full')]) {
      await t.rejects(write(flatImage(entries), { destination }), InputError)
    }
    t.same(readdirSync(root, { recursive: true }).sort(), ['full', 'full/file', 'outside', 'outside/file'])
    for (const path of ['full/file', 'outside/file']) t.equal(readFileSync(join(root, path), 'utf8'), 'precious')
    t.not(modeOf(join(root, 'outside')), 0o777)
  })
}

test('a deep tree is written, and removed again', async (t) => {
  const destination = join(t.testdir({ out: {} }), 'out')
  await write(flatImage(fileEntry(`${'d/'.repeat(300)}file`, 'deep')), { destination })
  await write(flatImage(fileEntry('d', 'a file')), { destination, mode: 'delete' })
  t.same(readdirSync(destination), ['d'])
  t.equal(readFileSync(join(destination, 'd'), 'utf8'), 'a file')
})

test('several platforms go into directories of their own, and hostile ones stay inside', async (t) => {
  const destination = join(t.testdir(), 'out')
  const one = () => [fileEntry('file', 'x')]
  await write(flatImages({ 'linux/amd64': one, 'linux/arm/v7': one, '../../evil': one }), { destination })
  t.same(readdirSync(destination).sort(), ['__.._evil', 'linux_amd64', 'linux_arm_v7'])
  t.equal(lstatSync(join(destination, 'linux_amd64')).mtimeMs, 0)
})

test('one platform is split only when that is asked for', async (t) => {
  const root = t.testdir()
  await write(flatImage(fileEntry('file', 'x')), { destination: join(root, 'plain') })
  await write(flatImage(fileEntry('file', 'x')), { destination: join(root, 'split'), platformSplit: true })
  t.ok(existsSync(join(root, 'plain/file')))
  t.ok(existsSync(join(root, 'split/linux_amd64/file')))
})

test('without a split platforms share a directory, unless their contents differ', async (t) => {
  const root = t.testdir()
  const images = (text: string) =>
    flatImages({
      'linux/amd64': () => [[...directory('etc'), ...fileEntry('etc/same', 's'), ...fileEntry('etc/x', 'x')]],
      'linux/arm64': () => [[...directory('etc'), ...fileEntry('etc/more', 'm'), ...fileEntry('etc/same', text)]]
    })
  await write(images('s'), { destination: join(root, 'out'), platformSplit: false })
  t.same(readdirSync(join(root, 'out/etc')), ['more', 'same', 'x'])
  await t.rejects(write(images('t'), { destination: join(root, 'other'), platformSplit: false }), {
    constructor: InputError,
    message: /etc\/same/
  })
  t.same(readdirSync(root), ['out'])
})

test('a file as destination stays what it is', async (t) => {
  const root = t.testdir({ out: 'a file' })
  await t.rejects(write(flatImage(fileEntry('a', 'a')), { destination: join(root, 'out') }), OutputError)
  t.equal(readFileSync(join(root, 'out'), 'utf8'), 'a file')
})

test('a full disk is an OutputError that leaves nothing behind', async (t) => {
  const mounted = await withTmpfs('size=1m', async (path) => {
    const body = Buffer.alloc(2 ** 20)
    const large = [createEntry({ path: 'large', type: 'file', mode: 0o644, size: 2 * body.length }), body, body]
    await t.rejects(write(flatImage(large), { destination: join(path, 'out') }), {
      constructor: OutputError,
      message: /large: found no space left/
    })
    t.same(readdirSync(path), [])
  })
  if (!mounted) t.comment('mounting is not permitted here')
})

test('what a killed export left is removed by the next one', async (t) => {
  const destination = join(t.testdir({ out: { file: 'old' } }), 'out')
  const program = `
    import { createStagedTree } from ${JSON.stringify(new URL('../../lib/save/staged-tree.js', import.meta.url).href)}
    import { createOmissions } from ${JSON.stringify(new URL('../../lib/save/omissions.js', import.meta.url).href)}
    import { mkdirSync, chmodSync } from 'node:fs'
    const tree = await createStagedTree({ destination: process.argv[1], removes: false, omissions: createOmissions() })
    mkdirSync(tree.path + '/half'); chmodSync(tree.path + '/half', 0o500)
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['--input-type=module', '-e', program, destination])
  t.equal(readdirSync(destination).length, 2)
  await write(flatImage(fileEntry('file', 'new')), { destination, mode: 'delete' })
  t.same(readdirSync(destination), ['file'])
})

test('without root the owner is the caller, and what was not possible is said once per kind', asRoot, async (t) => {
  // Not below the checkout, which may be closed to others.
  const root = mkdtempSync(join(tmpdir(), 'layerpipe-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'home'))
  execFileSync('chown', ['-R', '65534:65534', join(root, 'home')])
  execFileSync('chmod', ['a+rx', root])
  const program = `
    const { exportTwice } = await import(${JSON.stringify(new URL('../helpers/save-unprivileged.js', import.meta.url).href)})
    process.setgroups([]); process.setgid(65534); process.setuid(65534)
    console.log(JSON.stringify(await exportTwice(process.argv[1])))`
  // The test runner gets into every process by NODE_OPTIONS, and cannot write what it wants to from this one.
  const words = [
    '-u',
    'NODE_OPTIONS',
    process.execPath,
    '--input-type=module',
    '-e',
    program,
    join(root, 'home', 'out')
  ]
  const ran = spawnSync('env', words, { encoding: 'utf8' })
  t.equal(ran.stderr, '')
  const notes: string[] = JSON.parse(ran.stdout)
  t.equal(notes.filter((note) => /owner/.test(note)).length, 2)
  t.match(notes[0], /: 4$/)
  const devices = notes.filter((note) => /device nodes left out/.test(note))
  t.match(devices, [/: 2$/, /: 2$/], 'a link to a device that was left out is left out, too')
  const at = (path: string): string => join(root, 'home/out', path)
  t.equal(lstatSync(at('closed')).uid, 65534)
  t.equal(modeOf(at('closed')), 0o555)
  t.equal(modeOf(at('closed/inner')), 0o500)
  t.equal(readFileSync(at('closed/inner/file'), 'utf8'), 'second')
  t.ok(lstatSync(at('fifo')).isFIFO())
  t.same(readdirSync(join(root, 'home')), ['out'])
})
