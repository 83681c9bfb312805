import { createHash, type Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { InputError } from '../errors.js'
import type { Body } from '../streams/body.js'
import { type ByteString, bytesOfText, textOf } from '../streams/bytes.js'
import { createEntry, type Entry, type EntryBatch } from './entry.js'

/** A file system: streams of EntryBatch, and the directory that it goes into, or null for the root. */
export interface PlacedImage {
  readonly directory: string | null
  readonly bodies: readonly Body[]
}

/**
 * The entries of images, one after the other: each below a directory of its own, or all in one, where a path that was
 * there already is left out.
 *
 * The stream ends with an InputError when two have different contents at one path.
 */
export function mergeImages(images: readonly PlacedImage[]): Readable {
  return Readable.from(entriesOf(images), { objectMode: true, highWaterMark: 1 })
}

async function* entriesOf(images: readonly PlacedImage[]): AsyncGenerator<EntryBatch> {
  const share = images.length > 1 ? new SharedRoot() : null
  for (const { directory, bodies } of images) {
    if (directory !== null) yield [platformDirectory(directory)]
    for (const body of bodies) {
      for await (const batch of body.open()) {
        if (directory !== null) yield moveBatch(batch, bytesOfText(`${directory}/`))
        else yield share ? share.add(batch) : batch
      }
    }
    share?.end()
  }
}

/** It comes from no image: it has the metadata that BuildKit gives it. */
function platformDirectory(name: string): Entry {
  return createEntry({ path: bytesOfText(name), type: 'directory', mode: 0o755 })
}

function moveBatch(batch: EntryBatch, prefix: ByteString): EntryBatch {
  return batch.map((item) => {
    if (Buffer.isBuffer(item)) return item
    const link = item.type === 'hardlink' ? prefix + item.link : item.link
    return { ...item, path: prefix + item.path, link }
  })
}

/** What is known of a file while its body passes. */
interface OpenFile {
  readonly entry: Entry
  readonly digest: Hash
  readonly isNew: boolean
}

/** Several images in one root: an index of paths, with a digest of what is there. */
class SharedRoot {
  readonly #contents = new Map<ByteString, string>()
  #file: OpenFile | null = null

  add(batch: EntryBatch): EntryBatch {
    return batch.filter((item) => (Buffer.isBuffer(item) ? this.#addBody(item) : this.#addEntry(item)))
  }

  end(): void {
    if (this.#file) this.#settle(this.#file.entry, `file ${this.#file.digest.digest('base64')}`)
    this.#file = null
  }

  #addBody(bytes: Buffer): boolean {
    this.#file?.digest.update(bytes)
    return this.#file?.isNew ?? true
  }

  #addEntry(entry: Entry): boolean {
    this.end()
    const isNew = !this.#contents.has(entry.path)
    if (entry.type === 'file') this.#file = { entry, digest: createHash('sha256'), isNew }
    else this.#settle(entry, contentOf(entry, this.#contents))
    return isNew
  }

  #settle(entry: Entry, content: string): void {
    const known = this.#contents.get(entry.path)
    if (known !== undefined && known !== content) throw differentContent(entry.path)
    this.#contents.set(entry.path, content)
  }
}

function contentOf({ type, link, major, minor }: Entry, contents: ReadonlyMap<ByteString, string>): string {
  return type === 'hardlink' ? (contents.get(link) ?? '') : JSON.stringify([type, link, major, minor])
}

/** Two images that go into one root have `path` in different ways. */
export function differentContent(path: ByteString): InputError {
  return new InputError({
    operation: 'write platforms into one root',
    subject: textOf(path),
    expected: 'the same content on every platform',
    found: 'different ones',
    advice: 'leave platform-split=false out'
  })
}
