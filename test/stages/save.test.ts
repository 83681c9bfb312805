import { execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'tap'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import { createEntry } from '../../lib/diff/entry.js'
import { OutputError } from '../../lib/errors.js'
import { flatImage, flatImages } from '../helpers/flat-image.js'
import { fileEntry } from '../helpers/layer-tar.js'
import { asRoot, directory, hardlink, modeOf, symlink, write } from '../helpers/save.js'
import { withTmpfs } from '../helpers/tmpfs.js'

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
