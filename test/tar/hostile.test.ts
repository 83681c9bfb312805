import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { InputError } from '../../lib/errors.js'
import { splitTar } from '../../lib/tar/split.js'
import { extractAll, member, paxMember, tarOf } from '../helpers/tars.js'

const sparseMap = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0' }
const zeros = Buffer.alloc(1024)

/** What is wrong, the tar, and what the error has to say besides the source. */
const hostile: readonly [name: string, tar: Buffer, says: RegExp][] = [
  ['an empty file', Buffer.alloc(0), /byte 0: .*found nothing/],
  ['no tar at all', Buffer.from('x'.repeat(2000)), /byte 0: expected a number as its checksum/],
  ['a body that is cut off', tarOf(member({}, 'x'.repeat(5000))).subarray(0, 3000), /entry f: .*early, at byte 3000/],
  ['a header that is cut off', tarOf(member({})).subarray(0, 100), /412 bytes early/],
  ['an end without end blocks', tarOf(member({})).subarray(0, 512), /byte 512: expected a tar that ends with/],
  ['a flipped bit', flip(tarOf(member({ name: 'bin/sh' })), 20), /expected a header with the checksum/],
  ['a path that nothing can open', tarOf(paxMember({ path: 'a/'.repeat(3000) }), member({})), /at most 4095 bytes/],
  ['a path with ..', tarOf(member({ name: 'a/../../b' })), /entry a\/\.\.\/\.\.\/b: expected a name that stays below/],
  ['an absolute path with ..', tarOf(member({ name: '/../etc/passwd' })), /expected a name that stays below the root/],
  [
    'a link that leaves the root',
    tarOf(member({ type: '1', link: '../x' })),
    /expected a link target that stays below/
  ],
  ['a hard link to the root', tarOf(member({ type: '1', link: '/' })), /expected a link target, found none/],
  ['a hard link to itself', tarOf(member({ type: '1', link: '/./f' })), /one to itself/],
  ['a link without a target', tarOf(member({ type: '2' })), /expected a link target, found none/],
  ['a NUL in a PAX name', tarOf(paxMember({ path: 'a\0b' }), member({})), /without NUL, found a\\x00b/],
  ['a NUL in a GNU name', tarOf(member({ type: 'L' }, 'a\0b\0'), member({})), /without NUL/],
  ['an escape sequence in a name', tarOf(member({ name: '../\x1b[2J' })), /entry \.\.\/\\x1b\[2J:/],
  ['a negative size', tarOf(member({}, '', hexAt(124, 'f'.repeat(24)))), /size of 0 or more, found -1/],
  ['a size beyond all numbers', tarOf(member({}, '', hexAt(124, `80${'7f'.repeat(11)}`))), /a number as its size/],
  ['a size beyond the archive', tarOf(member({ size: 8_000_000_000 })), /bytes early/],
  ['a number with other digits', tarOf(member({}, '', (header) => header.write('9', 110))), /a number as its uid/],
  ['a PAX length that is too long', tarOf(paxBody('99 path=a\n'), member({})), /length is wrong/],
  ['a PAX length that is too short', tarOf(paxBody('5 path=abc\n'), member({})), /length is wrong/],
  ['a PAX length of nothing', tarOf(paxBody(' path=abc\n'), member({})), /length is wrong/],
  ['a PAX record without a key', tarOf(paxBody('6 =ab\n'), member({})), /length is wrong/],
  ['a PAX size that contradicts', tarOf(paxMember({ size: '9' }), member({}, 'abc')), /expected 3 bytes.* found 9/],
  ['a negative PAX size', tarOf(paxMember({ size: '-9' }), member({})), /PAX size, found -9/],
  ['a PAX time that is none', tarOf(paxMember({ mtime: 'now' }), member({})), /PAX mtime, found now/],
  ['a time beyond the calendar', tarOf(paxMember({ mtime: '9'.repeat(15) }), member({})), /a calendar can hold/],
  ['an attribute that is not base64', tarOf(paxMember({ 'LIBARCHIVE.xattr.a': '!' }), member({})), /expected base64/],
  ['an attribute without a name', tarOf(paxMember({ 'SCHILY.xattr.': 'x' }), member({})), /an attribute with a name/],
  ['a GNU sparse file', tarOf(member({ type: 'S' })), /found a sparse file. Make the archive anew without --sparse/],
  ['a PAX sparse file', tarOf(paxMember(sparseMap), member({})), /found a sparse file/],
  [
    'a PAX sparse file under a name of its own',
    tarOf(paxMember({ ...sparseMap, 'GNU.sparse.name': 'd/t' }), member({ name: './GNUSparseFile.0/t' })),
    /entry d\/t: .*found a sparse file/
  ],
  ['a global sparse map', tarOf(paxMember(sparseMap, 'g'), member({})), /found a sparse file/],
  [
    'a tar in xz',
    Buffer.from('\xfd7zXZ\0\0\x04\xe6\xd6', 'latin1'),
    /byte 0: .* found one in xz\. Decompress it first, w/
  ],
  [
    'a long tar in bzip2',
    Buffer.alloc(2000, 'BZh91AY&SY'),
    /expected a tar, plain or in gzip or zstd, found one in bzip2/
  ],
  ['a zip archive', Buffer.alloc(600, 'PK\x03\x04'), /found a zip archive\. Unzip it first/],
  ['a symlink to nowhere', tarOf(paxMember({ linkpath: 'x'.repeat(5000) }), member({ type: '2' })), /at most 4095/],
  ['an extended header of gigabytes', tarOf(member({ type: 'x', size: 3e9 })), /at most 1 MiB, found 3000000000 bytes/],
  ['a long name of gigabytes', tarOf(member({ type: 'L', size: 3e9 })), /at most 1 MiB/],
  ['an owner that chown ignores', tarOf(paxMember({ uid: '4294967295' }), member({})), /a uid from 0 to 4294967294/],
  ['two archives in a row', Buffer.concat([tarOf(member({})), tarOf(member({}))]), /expected one archive/],
  ['garbage behind the end', Buffer.concat([tarOf(member({})), Buffer.from('x')]), /expected one archive/],
  ['an entry behind one block of zeros', Buffer.concat([zeros.subarray(512), member({})]), /expected one archive/],
  ['a file twice', tarOf(member({ name: 'a' }), member({ name: './a' })), /entry \.\/a: expected every path once/],
  ['a file that was a directory', tarOf(member({ name: 'a/', type: '5' }), member({ name: 'a' })), /every path once/],
  ['a directory that was a file', tarOf(member({ name: 'a' }), member({ name: 'a/', type: '5' })), /every path once/],
  ['a whiteout twice', tarOf(member({ name: '.wh.a' }), member({ name: '.wh.a' })), /every path once/],
  ['a whiteout of nothing', tarOf(member({ name: 'a/.wh.' })), /a whiteout that names what it deletes/],
  ['a whiteout of ..', tarOf(member({ name: 'a/.wh...' })), /one of "\.\."/],
  ['a whiteout of .', tarOf(member({ name: 'a/.wh..' })), /one of "\."/],
  ['a whiteout with a slash', tarOf(member({ name: '.wh.a/b' })), /an entry below one/],
  ['an entry without a name', tarOf(member({ name: '' })), /expected a name/],
  ['a root that is a file', tarOf(member({ name: '.' })), /expected a name/],
  ['a file twice, once by an absolute name', tarOf(member({ name: 'a' }), member({ name: '/a' })), /every path once/],
  ['an unknown kind of entry', tarOf(member({ type: 'D' })), /the entry type "D"/],
  ['a directory with contents', tarOf(member({ name: 'a/' }, 'x')), /one with contents/],
  ['two PAX headers for one entry', tarOf(paxMember({ uid: '1' }), paxMember({ gid: '1' }), member({})), /found two/],
  [
    'two names for one entry',
    tarOf(paxMember({ path: 'a' }), member({ type: 'L' }, 'b'), member({})),
    /one path .*two/
  ],
  ['a PAX header for no entry', tarOf(paxMember({ path: 'a' })), /expected an entry behind its extended header/],
  ['one name for all entries', tarOf(paxMember({ path: 'a' }, 'g'), member({})), /a global PAX header that suits/]
]

for (const [name, tar, says] of hostile) {
  test(`${name} is an input error that says where and what to do`, async (t) => {
    for (const read of [() => extractAll(tar), () => split(tar)]) {
      const error: unknown = await read().then(
        () => null,
        (reason: unknown) => reason
      )
      if (!(error instanceof InputError)) return t.fail(`not an InputError: ${error}`)
      t.match(error.message, says)
      t.match(error.message, /^read tar: source tar:test\.tar, (entry|byte) /)
      t.ok(error.problem.advice)
    }
  })
}

test('a tar with any byte of its headers changed is refused or means the same bodies', async (t) => {
  const tar = tarOf(paxMember({ path: 'some/name', mtime: '1.5' }), member({ mode: 0o755 }, 'hello'))
  for (let at = 0; at < 512 * 3; at += 7) {
    const found = await extractAll(flip(tar, at)).catch((error: unknown) => error)
    if (found instanceof InputError) continue
    t.match(found, [{ body: Buffer.from('hello') }], `byte ${at}`)
  }
})

test('a tar cut anywhere before its end blocks is refused', async (t) => {
  const tar = tarOf(paxMember({ path: 'some/name' }), member({}, 'hello'))
  for (let length = 0; length < tar.length - 1024; length += 61)
    await t.rejects(extractAll(tar.subarray(0, length)), InputError, `${length} bytes`)
})

test('headers of any bytes under a right checksum are read or refused, and nothing else happens', async (t) => {
  const changes = fc.array(fc.tuple(fc.nat(511), fc.nat(255)), { maxLength: 20 })
  const records = fc.uint8Array({ maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(changes, records, changes, async (first, body, second) => {
      const extension = member({ name: 'x', type: 'x' }, Buffer.from(body), apply(first))
      const error = await extractAll(tarOf(extension, member({}, 'hello', apply(second)), member({ name: 'g' }))).catch(
        (reason: unknown) => reason
      )
      t.ok(Array.isArray(error) || error instanceof InputError, String(error))
    }),
    { numRuns: 300 }
  )
})

function apply(changes: readonly (readonly [number, number])[]): (header: Buffer) => void {
  return (header) => changes.forEach(([at, byte]) => void header.writeUInt8(byte, at))
}

async function split(tar: Buffer): Promise<void> {
  await finished(Readable.from([tar]).compose(splitTar('source tar:test.tar')).resume())
}

function flip(tar: Buffer, at: number): Buffer {
  const copy = Buffer.from(tar)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

function hexAt(at: number, hex: string): (header: Buffer) => void {
  return (header) => void header.write(hex, at, 'hex')
}

function paxBody(records: string): Buffer {
  return member({ name: 'PaxHeaders/f', type: 'x' }, records)
}
