import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import t from 'tap'
import { createFileWriter } from '../../lib/blob/file-writer.js'

const BLOCK = Buffer.alloc(2 ** 20, 'layer')
const BLOCKS = 40

/** Writes 40 MiB to a file whose `datasync` is `sync`, and gives how often that was called. */
async function writeDurably(path: string, sync: () => Promise<void>): Promise<number> {
  const file = await open(path, 'wx')
  let calls = 0
  file.datasync = () => {
    calls += 1
    return sync()
  }
  const writer = createFileWriter({
    explain: (cause) => new Error('cannot write', { cause }),
    open: async () => file,
    close: () => file.close(),
    durable: true
  })
  const ended = finished(writer)
  ended.catch(() => {})
  for (let count = 0; count < BLOCKS && writer.writable; count += 1) {
    await new Promise((resolve) => writer.write(BLOCK, resolve))
  }
  writer.end()
  await ended
  return calls
}

t.test('what has to be on the disk in the end goes there while it is written', async (t) => {
  const path = join(t.testdir(), 'file')
  t.ok((await writeDurably(path, async () => {})) >= 2)
  t.equal((await readFile(path)).length, BLOCKS * BLOCK.length)
})

t.test('a disk that fails meanwhile, and says so only once, fails the writer', async (t) => {
  const failing = async (): Promise<never> => {
    throw Object.assign(new Error('EIO'), { code: 'EIO' })
  }
  await t.rejects(writeDurably(join(t.testdir(), 'file'), failing), { message: 'cannot write', cause: { code: 'EIO' } })
})

t.test('a disk that fails as the last thing fails the writer, too', async (t) => {
  let calls = 0
  const failing = async (): Promise<void> => {
    calls += 1
    if (calls === 2) throw Object.assign(new Error('EIO'), { code: 'EIO' })
  }
  await t.rejects(writeDurably(join(t.testdir(), 'file'), failing), { cause: { code: 'EIO' } })
})
