import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { ClosedOutputError, InputError, UsageError } from '../../lib/errors.js'
import { type Node, pipe, run, stage } from '../../lib/graph/index.js'
import { type DeliverTarOptions, deliverTar } from '../../lib/stages/deliver-tar.js'
import type { Changeset, ImageEnd, Receipt } from '../../lib/stages/items.js'
import { standardOutput } from '../../lib/stages/standard-output.js'
import { generate } from '../../lib/streams/generate.js'
import { flatImage, flatImages } from '../helpers/flat-image.js'
import { fileEntry, sampleEntries } from '../helpers/layer-tar.js'

const defaults = {
  exporter: 'tar',
  compression: 'uncompressed',
  level: null,
  platformSplit: null,
  include: [],
  exclude: []
} as const

type Options = Partial<DeliverTarOptions> & { readonly destination: string }

async function write(node: Node<Changeset | ImageEnd>, options: Options, stdout?: Writable): Promise<Receipt> {
  const provide = stdout ? [standardOutput.provide(stdout)] : []
  const [receipt] = await run([pipe(node, deliverTar({ ...defaults, ...options }))], { provide })
  return receipt as Receipt
}

const list = (path: string): string[] =>
  execFileSync('tar', ['--utc', '--numeric-owner', '-tvf', path], { encoding: 'utf8' })
    .replace(/ +/g, ' ')
    .trim()
    .split('\n')

test('a tar keeps owners and links, rounds times to seconds and has no entry for the root', async (t) => {
  const destination = join(t.testdir(), 'root.tar')
  const more = fileEntry('zzz', 'x', { uid: 3_000_000, gid: 12, mode: 0o4711, mtime: 9, nanoseconds: 500_000_000 })
  const receipt = await write(flatImage(sampleEntries, more), { destination })
  t.same(list(destination), [
    'drwxr-xr-x 0/0 0 2001-09-09 01:46 bin/',
    '-rwxr-xr-x 0/0 10 2020-09-13 12:26 bin/tool',
    'lrwxrwxrwx 0/0 0 1970-01-01 00:00 link -> bin/tool',
    'hrwxr-xr-x 0/0 0 2020-09-13 12:26 other link to bin/tool',
    '-rws--x--x 3000000/12 1 1970-01-01 00:00 zzz'
  ])
  t.match(execFileSync('tar', ['--utc', '--full-time', '-tvf', destination], { encoding: 'utf8' }), /00:00:10 zzz/)
  const bytes = readFileSync(destination)
  t.match(receipt, { exporter: 'tar', destination, bytes: bytes.length })
  t.equal(digestOf(bytes), 'sha256:b18a162ee75365ac0b43ccf92be7e8384f11d643ccc85c5f0166d1b5f3984f3d')
})

test('all attributes are kept', async (t) => {
  const destination = join(t.testdir(), 'root.tar')
  const xattrs = new Map([
    ['security.capability', Buffer.from([1, 0, 0, 2])],
    ['user.note', Buffer.from('n')]
  ])
  await write(flatImage(fileEntry('a', 'x', { xattrs })), { destination })
  const text = readFileSync(destination, 'latin1')
  t.match(text, 'SCHILY.xattr.security.capability=\x01\0\0\x02')
  t.match(text, 'SCHILY.xattr.user.note=n')
})

test('the pipe gets the same bytes as the file, compressed or not', async (t) => {
  const directory = t.testdir()
  for (const compression of ['uncompressed', 'gzip', 'zstd'] as const) {
    const destination = join(directory, compression)
    await write(flatImage(sampleEntries), { destination, compression })
    const stdout = new PassThrough()
    const piped = buffer(stdout)
    await write(flatImage(sampleEntries), { destination: '-', compression }, stdout)
    stdout.end()
    t.ok(readFileSync(destination).equals(await piped), compression)
    t.equal(list(destination).length, 4, compression)
  }
})

test('several platforms go into one tar, each below its directory, hard links included', async (t) => {
  const destination = join(t.testdir(), 'root.tar')
  const one = () => [sampleEntries]
  await write(flatImages({ 'linux/amd64': one, 'linux/arm/v7': one }), { destination })
  const names = list(destination)
  t.equal(names.length, 10)
  t.equal(names[0], 'drwxr-xr-x 0/0 0 1970-01-01 00:00 linux_amd64/')
  t.match(names[9], 'linux_arm_v7/other link to linux_arm_v7/bin/tool')
})

test('without a split a path comes once, and different contents are an error that names it', async (t) => {
  const directory = t.testdir()
  const images = (text: string, link = 'same') =>
    flatImages({
      'linux/amd64': () => [
        fileEntry('a', 'a'),
        fileEntry('same', 's'),
        [createEntry({ path: 'z', type: 'symlink', link })]
      ],
      'linux/arm64': () => [
        fileEntry('b', ''),
        fileEntry('same', text),
        [createEntry({ path: 'z', type: 'symlink', link: 'same' })]
      ]
    })
  const destination = join(directory, 'root.tar')
  await write(images('s'), { destination, platformSplit: false })
  t.same(
    list(destination).map((line) => line.split(' ')[5]),
    ['a', 'same', 'z', 'b']
  )
  const failing = join(directory, 'failing.tar')
  await t.rejects(write(images('t'), { destination: failing, platformSplit: false }), {
    constructor: InputError,
    message: /same/
  })
  await t.rejects(write(images('s', 'x'), { destination: failing, platformSplit: false }), {
    constructor: InputError,
    message: /: z:/
  })
  t.same(readdirSync(directory), ['root.tar'])
})

test('patterns choose what goes into the tar', async (t) => {
  const destination = join(t.testdir(), 'root.tar')
  await write(flatImage(sampleEntries), { destination, include: ['bin', 'link'], exclude: ['**/nothing'] })
  t.same(
    list(destination).map((line) => line.split(' ')[5]),
    ['bin/', 'bin/tool', 'link']
  )
})

test('a body that fails ends a pipe without the end blocks, and leaves no file', async (t) => {
  const directory = t.testdir()
  const failing = () =>
    flatImages({
      'linux/amd64': async function* () {
        yield fileEntry('a', Buffer.alloc(2 ** 21, 1))
        await setTimeout(10)
        throw new InputError({ operation: 'read', subject: 'source' })
      }
    })
  const stdout = new PassThrough()
  const piped = buffer(stdout)
  await t.rejects(write(failing(), { destination: '-' }, stdout), InputError)
  stdout.end()
  const bytes = await piped
  t.ok(bytes.length > 2 ** 20)
  t.notOk(bytes.subarray(-1024).equals(Buffer.alloc(1024)))
  await t.rejects(write(failing(), { destination: join(directory, 'root.tar') }), InputError)
  t.same(readdirSync(directory), [])
})

test('a closed pipe is a ClosedOutputError, a terminal and a malformed pattern are UsageErrors', async (t) => {
  const closed = new PassThrough()
  closed.destroy()
  await t.rejects(write(flatImage(sampleEntries), { destination: '-' }, closed), ClosedOutputError)
  const terminal = Object.assign(new PassThrough(), { isTTY: true })
  await t.rejects(write(flatImage(sampleEntries), { destination: '-' }, terminal), UsageError)
  await t.rejects(write(flatImage(sampleEntries), { destination: '-', include: ['[a'] }), UsageError)
})

test('a reader of standard output that stands still does not hold up who reads the same contents', async (t) => {
  const chunk = Buffer.alloc(2 ** 20, 'x')
  const receipt = await write(flatImage(sampleEntries), { destination: join(t.testdir(), 'other.tar') })
  const contents = function* (): Generator<EntryBatch> {
    for (let count = 0; count < 24; count += 1) yield fileEntry(`file${count}`, chunk)
  }
  let other: () => void = () => {}
  const othersDone = new Promise<void>((resolve) => (other = resolve))
  const drain = stage<null, Changeset | ImageEnd, Receipt>('drain', () =>
    generate<Changeset | ImageEnd, Receipt>(async function* (items) {
      for await (const item of items) {
        if (item.kind === 'changeset') for await (const _ of item.body.open());
        else yield receipt
      }
      other()
    })
  )
  const received: Buffer[] = []
  const standing = new Writable({
    write(bytes: Buffer, _encoding, done) {
      received.push(bytes)
      void othersDone.then(() => done())
    }
  })
  const image = flatImages({ 'linux/amd64': contents })
  await run([pipe(image, deliverTar({ ...defaults, destination: '-' })), pipe(image, drain(null))], {
    provide: [standardOutput.provide(standing)]
  })
  t.equal(Buffer.concat(received).length, 24 * (2 ** 20 + 512) + 1024)
})
