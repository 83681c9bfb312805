import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { writeAll } from '../../lib/blob/write-all.js'
import { temporaryDirectory } from '../helpers/registry.js'

/** A file that takes a few bytes at a time. */
async function openSlow(t: Test, path: string, most: number): Promise<FileHandle> {
  const file = await open(path, 'w+')
  t.teardown(() => file.close())
  const { writev, write } = file
  Object.assign(file, {
    writev: (chunks: readonly Buffer[], position?: number) =>
      Reflect.apply(writev, file, [[Buffer.concat(chunks).subarray(0, most)], position]),
    write: (chunk: Buffer, at: number, _length: null, position: number | null) =>
      Reflect.apply(write, file, [chunk, at, Math.min(most, chunk.length - at), position])
  })
  return file
}

const chunks = ['one', '', 'seventeen', 'four'].map((text) => Buffer.from(text))

test('a write that took less than it was given was taken for a full disk: the rest is written', async (t) => {
  const directory = await temporaryDirectory(t)
  for (const most of [1, 2, 3, 5, 100]) {
    const path = join(directory, `${most}`)
    const file = await openSlow(t, path, most)
    t.equal(await writeAll(file, chunks), 16)
    t.equal(await writeAll(file, chunks), 16)
    t.equal(await readFile(path, 'utf8'), 'oneseventeenfouroneseventeenfour', `${most} bytes at a time`)
  }
})

test('bytes are written from a position on', async (t) => {
  const directory = await temporaryDirectory(t)
  for (const most of [1, 4, 100]) {
    const path = join(directory, `${most}`)
    const file = await openSlow(t, path, most)
    await writeAll(file, [Buffer.from('..........')])
    t.equal(await writeAll(file, chunks, 2), 16)
    t.equal(await readFile(path, 'utf8'), '..oneseventeenfour', `${most} bytes at a time`)
  }
})
