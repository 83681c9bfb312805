import { spawnSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import { type Blob, memoryBlob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { type ArchiveFile, archiveFiles, archiveSize } from '../../lib/tar/archive.js'

const file = (path: string, text: string, mode = 0o444): ArchiveFile => ({
  path,
  mode,
  blob: memoryBlob(Buffer.from(text), { mediaType: 'text/plain' })
})

function brokenBlob(size: number, chunks: readonly string[], error?: Error): Blob {
  return {
    descriptor: { mediaType: 'text/plain', digest: digestOf('other'), size },
    open: () => Readable.from(give(chunks, error), { objectMode: false })
  }
}

async function* give(chunks: readonly string[], error?: Error): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
  if (error) throw error
}

const bytesOf = (files: readonly ArchiveFile[]): Promise<Buffer> => buffer(archiveFiles(files))

test('members are sorted by name, with the directories that they need, and nothing else', async (t) => {
  const bytes = await bytesOf([
    file('oci-layout', '{}'),
    file('index.json', '{"a":1}', 0o644),
    file('blobs/sha256/bb', 'b'.repeat(600)),
    file('blobs/sha256/aa', '')
  ])
  const listed = spawnSync('tar', ['--utc', '--numeric-owner', '-tvf', '-'], { input: bytes, encoding: 'utf8' })
  t.equal(listed.stderr, '')
  t.same(listed.stdout.replace(/ +/g, ' ').trim().split('\n'), [
    'drwxr-xr-x 0/0 0 1970-01-01 00:00 blobs/',
    'drwxr-xr-x 0/0 0 1970-01-01 00:00 blobs/sha256/',
    '-r--r--r-- 0/0 0 1970-01-01 00:00 blobs/sha256/aa',
    '-r--r--r-- 0/0 600 1970-01-01 00:00 blobs/sha256/bb',
    '-rw-r--r-- 0/0 7 1970-01-01 00:00 index.json',
    '-r--r--r-- 0/0 2 1970-01-01 00:00 oci-layout'
  ])
})

test('the bytes do not depend on the order of the files, and their number is known before', async (t) => {
  const files = [file('a/b', 'x'.repeat(513)), file('a/c', ''), file('z', 'z')]
  const bytes = await bytesOf(files)
  t.ok(bytes.equals(await bytesOf([...files].reverse())))
  t.equal(bytes.length, archiveSize(files))
  t.equal(digestOf(bytes), 'sha256:4598ac1cf5bc3be84d4a27b9b773e74981ea2dbedc9c19016aa0d21d96484bda')
})

test('a header is USTAR with zero-padded octal fields', async (t) => {
  const header = (await bytesOf([file('index.json', 'x', 0o644)])).subarray(0, 512)
  const field = (start: number, end: number): string => header.toString('latin1', start, end)
  t.equal(field(100, 108), '000644 \0')
  t.equal(field(124, 136), '00000000001 ')
  t.equal(field(136, 148), '00000000000 ')
  t.equal(field(257, 265), 'ustar\x0000')
})

test('an archive of nothing is two zero blocks', async (t) => {
  t.ok((await bytesOf([])).equals(Buffer.alloc(1024)))
  t.equal(archiveSize([]), 1024)
})

for (const [what, blob] of [
  ['ends early', brokenBlob(10, ['abc'])],
  ['goes on too long', brokenBlob(2, ['abc'])],
  ['fails', brokenBlob(10, ['abc'], new Error('disk on fire'))]
] as const) {
  test(`a blob that ${what} breaks the archive off before its end blocks`, async (t) => {
    const chunks: Buffer[] = []
    const archive = archiveFiles([file('a', 'first'), { path: 'b', mode: 0o444, blob }, file('c', 'never')])
    archive.on('data', (chunk: Buffer) => chunks.push(chunk))
    const failure = await new Promise<unknown>((resolve) => archive.on('error', resolve).on('end', () => resolve(null)))
    t.type(failure, Error)
    if (what === 'fails') t.match(failure, { message: 'disk on fire' })
    const bytes = Buffer.concat(chunks)
    t.notOk(bytes.subarray(-1024).equals(Buffer.alloc(1024)))
    t.notOk(bytes.includes('never'))
  })
}

test('a blob that failed as soon as it was opened fails the archive and not the process', async (t) => {
  const failed: Blob = {
    descriptor: { mediaType: 'text/plain', digest: digestOf('x'), size: 1 },
    open: () => new Readable({ read: () => {} }).destroy(new Error('gone'))
  }
  await t.rejects(bytesOf([{ path: 'a/b/c', mode: 0o444, blob: failed }]), { message: 'gone' })
})

test('a reader that leaves closes the blob that is being read', async (t) => {
  const body = new Readable({
    read() {
      this.push(Buffer.alloc(65536))
    }
  })
  body.on('error', () => {})
  const endless: Blob = {
    descriptor: { mediaType: 'text/plain', digest: digestOf('endless'), size: 2 ** 32 },
    open: () => body
  }
  const archive = archiveFiles([{ path: 'endless', mode: 0o444, blob: endless }])
  await new Promise<void>((resolve) => archive.once('data', () => resolve()))
  const closed = new Promise<void>((resolve) => body.once('close', resolve))
  archive.destroy()
  await closed
  t.ok(body.destroyed)
})
