import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { test } from 'tap'
import { createEntry } from '../../lib/diff/entry.js'
import { bytesOfText } from '../../lib/streams/bytes.js'
import { END_OF_TAR, encodeEntry } from '../../lib/tar/encode.js'

const text = (bytes: Buffer, start: number, end: number): string => bytes.toString('latin1', start, end)

test('an ordinary file has one ustar header, octal fields padded with zeros', (t) => {
  const header = encodeEntry(
    createEntry({ path: 'bin/sh', type: 'file', mode: 0o4755, uid: 1, gid: 2, size: 3, mtime: 1_700_000_000 })
  )
  t.equal(header.length, 512)
  t.equal(text(header, 0, 8), 'bin/sh\0\0')
  t.equal(text(header, 100, 108), '0004755\0')
  t.equal(text(header, 108, 124), '0000001\x000000002\0')
  t.equal(text(header, 124, 148), '00000000003\x0014524770400\0')
  t.equal(text(header, 156, 157), '0')
  t.equal(text(header, 257, 265), 'ustar\x0000')
  t.equal(text(header, 265, 329), '\0'.repeat(64), 'no user or group names')
  t.equal(text(header, 329, 345), '0000000\x000000000\0')
  t.match(text(header, 148, 156), /^[0-7]{6}\0 $/)
  t.end()
})

test('a directory ends in a slash and a whiteout is an empty file beside what it deletes', (t) => {
  const nameIn = (header: Buffer): string => text(header, 0, 100).replace(/\0+$/, '')
  t.equal(nameIn(encodeEntry(createEntry({ path: 'a/b', type: 'directory' }))), 'a/b/')
  t.equal(nameIn(encodeEntry(createEntry({ path: 'a/b', type: 'whiteout' }))), 'a/.wh.b')
  t.equal(nameIn(encodeEntry(createEntry({ path: 'b', type: 'whiteout' }))), '.wh.b')
  t.equal(nameIn(encodeEntry(createEntry({ path: 'a', type: 'opaque' }))), 'a/.wh..wh..opq')
  t.end()
})

test('a name of 100 bytes fits, one of 101 goes to a PAX record and is never split', (t) => {
  const fits = `${'d'.repeat(49)}/${'f'.repeat(50)}`
  t.equal(encodeEntry(createEntry({ path: fits, type: 'file' })).length, 512)
  const long = encodeEntry(createEntry({ path: `${fits}x`, type: 'file' }))
  t.equal(long.length, 3 * 512)
  t.equal(text(long, 0, 62), `${'d'.repeat(49)}/PaxHeaders.0`)
  t.equal(text(long, 156, 157), 'x')
  t.equal(text(long, 329, 345), '\0'.repeat(16), 'a PAX header leaves the device fields empty')
  t.equal(text(long, 512, 512 + 111), `111 path=${fits}x\n`)
  t.equal(text(long, 1024, 1124), fits, 'cut at the end of the field')
  t.equal(text(long, 1024 + 345, 1024 + 500), '\0'.repeat(155), 'no prefix')
  t.end()
})

test('a directory name that is cut just behind a slash loses the slash', (t) => {
  const path = `${'d'.repeat(99)}/e`
  const header = encodeEntry(createEntry({ path, type: 'file' })).subarray(1024)
  t.equal(text(header, 0, 100), `${'d'.repeat(99)}\0`)
  t.end()
})

test('what is not ASCII goes to PAX records as the bytes it is, UTF-8 or not', (t) => {
  const header = encodeEntry(createEntry({ path: 'a\xff\xfe', type: 'symlink', link: bytesOfText('é') }))
  t.equal(text(header, 512, 512 + 27), '15 linkpath=\xc3\xa9\n12 path=a\xff\xfe\n')
  t.equal(text(header, 1024, 1027), 'a\0\0')
  t.end()
})

test('numbers beyond their fields go to PAX records and leave zeros', (t) => {
  const big = encodeEntry(
    createEntry({ path: 'big', type: 'file', uid: 2_097_152, gid: 4_294_967_294, size: 8 * 2 ** 30, mtime: -1 })
  )
  const records = text(big, 512, 1024).replace(/\0+$/, '')
  t.equal(records, '18 gid=4294967294\n12 mtime=-1\n19 size=8589934592\n15 uid=2097152\n')
  t.equal(text(big, 1024 + 108, 1024 + 148), '0000000\x000000000\x0000000000000\x0000000000000\0')
  const largest = createEntry({ path: 'big', type: 'file', uid: 2_097_151, size: 8 * 2 ** 30 - 1, mtime: 2 ** 33 - 1 })
  t.equal(encodeEntry(largest).length, 512)
  t.end()
})

test('an extended attribute keeps its raw bytes', (t) => {
  const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex')
  const header = encodeEntry(
    createEntry({ path: 'ping', type: 'file', xattrs: new Map([['security.capability', capability]]) })
  )
  const record = `57 SCHILY.xattr.security.capability=${capability.toString('latin1')}\n`
  t.equal(text(header, 512, 512 + 57), record)
  t.end()
})

test('the length of a PAX record counts its own digits', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 101, max: 3000 }), (length) => {
      const header = encodeEntry(createEntry({ path: 'x'.repeat(length), type: 'file' }))
      const [record = ''] = text(header, 512, header.length - 512).split('\n')
      return Number.parseInt(record, 10) === record.length + 1
    })
  )
  t.end()
})

test('the bytes of a tar of every kind of entry are the golden ones, and GNU tar lists it', (t) => {
  const entries = [
    createEntry({ path: 'dir', type: 'directory', mode: 0o755, mtime: 1 }),
    createEntry({ path: 'dir/fifo', type: 'fifo', mode: 0o600 }),
    createEntry({ path: 'dir/hard', type: 'hardlink', link: 'dir/soft', mode: 0o777 }),
    createEntry({ path: 'dir/null', type: 'character-device', mode: 0o666, major: 1, minor: 3 }),
    createEntry({ path: 'dir/soft', type: 'symlink', link: '../etc', mode: 0o777 }),
    createEntry({ path: bytesOfText(`ö/${'n'.repeat(120)}`), type: 'file', uid: 3_000_000, gid: 5, mode: 0o1644 }),
    createEntry({ path: 'sda', type: 'block-device', major: 8, minor: 1 })
  ]
  const tar = Buffer.concat([...entries.map((entry) => encodeEntry(entry)), END_OF_TAR])
  const listing = execFileSync('tar', ['-tvf', '-', '--numeric-owner', '--quoting-style=literal'], { input: tar })
  t.match(listing.toString(), /crw-rw-rw- 0\/0 +1,3 .* dir\/null/)
  t.match(listing.toString(), /-rw-r--r-T 3000000\/5 .* ö\/n{120}/)
  t.equal(
    createHash('sha256').update(tar).digest('hex'),
    '42b14843ede1b721736c878a41384a9914e82fb48df580c377b046f3062c22c8'
  )
  t.end()
})
