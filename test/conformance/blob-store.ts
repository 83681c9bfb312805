import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { type Blob, memoryBlob } from '../../lib/blob/blob.js'
import type { Descriptor } from '../../lib/blob/descriptor.js'

/** What is common to all that keep blobs: stores, layouts, registries. */
export interface BlobStoreSubject {
  /** Makes sure that the blob is there, whole. */
  add(blob: Blob): Promise<unknown>
  /** Null where it is absent. */
  blob(descriptor: Descriptor): Promise<Blob | null>
  /** Changes one byte of what is kept, where that can be done from outside. */
  damage?(descriptor: Descriptor): Promise<void>
}

/**
 * What every keeper of blobs has to hold to. `create` makes an empty one for each test.
 *
 * @param t the suite adds its tests to it
 */
export async function blobStoreSuite(t: Test, create: (t: Test) => Promise<BlobStoreSubject>): Promise<void> {
  const check = (name: string, body: (t: Test, subject: BlobStoreSubject) => Promise<void>) =>
    t.test(name, async (sub) => body(sub, await create(sub)))
  await check('a blob that was added is read, as a whole, in parts, and again', async (t, subject) => {
    const original = blobOf(random(100_000))
    await subject.add(original)
    const blob = await subject.blob(original.descriptor)
    const bytes = await buffer(original.open())
    t.ok(blob && (await buffer(blob.open())).equals(bytes))
    t.ok(blob && (await buffer(blob.open())).equals(bytes))
    t.ok(blob && (await buffer(blob.open({ start: 99_000, end: 100_000 }))).equals(bytes.subarray(99_000)))
    t.equal(blob && (await buffer(blob.open({ start: 7, end: 7 }))).length, 0)
  })
  await check('the empty blob is a blob', async (t, subject) => {
    const empty = blobOf(Buffer.alloc(0))
    await subject.add(empty)
    const blob = await subject.blob(empty.descriptor)
    t.equal(blob && (await buffer(blob.open())).length, 0)
  })
  await check('a blob that was not added is absent', async (t, subject) => {
    t.equal(await subject.blob(blobOf(random(10)).descriptor), null)
  })
  await check('adding a blob again, or many times at once, changes nothing', async (t, subject) => {
    const original = blobOf(random(50_000))
    await Promise.all(Array.from({ length: 5 }, () => subject.add(original)))
    await subject.add(original)
    const blob = await subject.blob(original.descriptor)
    t.ok(blob && (await buffer(blob.open())).equals(await buffer(original.open())))
  })
  for (const [name, bytes] of Object.entries(liars)) {
    await check(`a blob with ${name} is refused, and not there afterwards`, async (t, subject) => {
      const liar: Blob = {
        descriptor: blobOf(TRUTH).descriptor,
        open: () => Readable.from([bytes], { objectMode: false })
      }
      await t.rejects(subject.add(liar), { code: 'ERR_INPUT' })
      t.equal(await subject.blob(liar.descriptor), null)
    })
  }
  await check('a blob whose stream fails is not there, and the error is its own', async (t, subject) => {
    const failure = new Error('the network broke')
    const broken: Blob = { descriptor: blobOf(TRUTH).descriptor, open: () => failing(failure) }
    await t.rejects(subject.add(broken), failure)
    t.equal(await subject.blob(broken.descriptor), null)
    await subject.add(blobOf(TRUTH))
    t.ok(await subject.blob(broken.descriptor))
  })
  await check('a blob that was damaged fails when it is read, and adding it heals it', async (t, subject) => {
    if (!subject.damage) return void t.pass('damage', { skip: 'this one can not be damaged from outside' })
    const original = blobOf(TRUTH)
    await subject.add(original)
    await subject.damage(original.descriptor)
    const damaged = await subject.blob(original.descriptor)
    t.equal(damaged?.file, undefined, 'nobody may copy it')
    await t.rejects(async () => damaged && buffer(damaged.open()), { code: 'ERR_INPUT' })
    await subject.add(original)
    const healed = await subject.blob(original.descriptor)
    t.ok(healed && (await buffer(healed.open())).equals(TRUTH))
  })
}

const TRUTH = Buffer.from('the truth, the whole truth')

const liars: Readonly<Record<string, Buffer>> = {
  'other bytes': Buffer.from('the trust, the whole trust'),
  'too few bytes': TRUTH.subarray(1),
  'too many bytes': Buffer.concat([TRUTH, TRUTH])
}

function blobOf(bytes: Buffer): Blob {
  return memoryBlob(bytes, { mediaType: 'application/octet-stream' })
}

/** Bytes that don't compress and are the same in every run. */
function random(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(`${length} ${index}`).digest()
  )
  return Buffer.concat(blocks).subarray(0, length)
}

function failing(failure: Error): Readable {
  return Readable.from(
    (async function* () {
      yield TRUTH.subarray(0, 5)
      throw failure
    })(),
    { objectMode: false }
  )
}
