import { test } from 'tap'
import { createEntry } from '../../lib/diff/entry.js'
import { encodeEntry } from '../../lib/tar/encode.js'
import { extractAll, firstEntryOf, member, paxMember, tarOf } from '../helpers/tars.js'

test('PAX records override the header, and a global one all headers', async (t) => {
  const global = paxMember({ comment: 'abc', uid: '7', gid: '8' }, 'g')
  const found = await extractAll(
    tarOf(global, paxMember({ path: 'a/b', uid: '9', mtime: '-1.5' }), member({}), member({ name: 'c' }))
  )
  t.match(found, [
    { entry: { path: 'a/b', uid: 9, gid: 8, mtime: -2, nanoseconds: 500_000_000 } },
    { entry: { path: 'c', uid: 7, gid: 8, mtime: 0 } }
  ])
})

test('an empty PAX value takes a global one back', async (t) => {
  const found = await firstEntryOf(paxMember({ uid: '7' }, 'g'), paxMember({ uid: '' }), member({ uid: 5 }))
  t.match(found, { uid: 5 })
})

test('times keep nanoseconds and lose what is finer', async (t) => {
  const time = async (mtime: string) => firstEntryOf(paxMember({ mtime }), member({}))
  t.match(await time('12.3456789019'), { mtime: 12, nanoseconds: 345_678_901 })
  t.match(await time('12.'), { mtime: 12, nanoseconds: 0 })
  t.match(await time('-0.25'), { mtime: -1, nanoseconds: 750_000_000 })
  t.match(await time('-3'), { mtime: -3, nanoseconds: 0 })
})

test('extended attributes come out as raw bytes from both spellings', async (t) => {
  const entry = await firstEntryOf(
    paxMember({
      'SCHILY.xattr.security.capability': '\x01\0\n=\xff',
      'LIBARCHIVE.xattr.user.a%3db': 'AAEC',
      'LIBARCHIVE.xattr.security.capability': 'AAAA'
    }),
    member({})
  )
  t.same(
    [...(entry?.xattrs ?? [])],
    [
      ['user.a=b', Buffer.from([0, 1, 2])],
      ['security.capability', Buffer.from('\x01\0\n=\xff', 'latin1')]
    ]
  )
})

test('an equals sign in the name of an extended attribute ended the name', async (t) => {
  const names = ['user.a=b', 'user.c%d', 'user.e%3Df', 'user.g']
  const xattrs = new Map(names.map((name) => [name, Buffer.from(`1=${name}`)]))
  const written = encodeEntry(createEntry({ path: 'f', type: 'file', xattrs }))
  t.match(written.toString('latin1'), / SCHILY\.xattr\.user\.a%3Db=1=user\.a=b\n/, 'as GNU tar has it')
  t.same((await firstEntryOf(written))?.xattrs, xattrs)
  const foreign = await firstEntryOf(paxMember({ 'SCHILY.xattr.user.50%': 'x' }), member({}))
  t.same([...(foreign?.xattrs?.keys() ?? [])], ['user.50%'])
})

test('a PAX size counts where the header has none or too small a field', async (t) => {
  for (const size of [0, 0o77777777777, 5]) {
    const found = await extractAll(tarOf(paxMember({ size: '5' }), sized(size, 'hello'), member({ name: 'g' }, 'x')))
    t.same(
      found.map(({ body }) => body.toString()),
      ['hello', 'x']
    )
  }
})

/** A member whose header says another size than its body has. */
function sized(size: number, body: string): Buffer {
  return member({ size }, body)
}
