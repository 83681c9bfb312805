import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { createBudget, type RunOptions, run } from '../../lib/graph/index.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'
import { image } from '../../lib/source/image-source.js'
import { noteChannel } from '../../lib/trace.js'
import type { ImageSource } from '../../pipelines/changes.js'
import type { ManifestOptions } from '../../pipelines/documents.js'
import { oci } from '../../pipelines/oci.js'
import { manifestDefaults } from '../helpers/manifest-defaults.js'

/** Text, which shrinks, and noise, which does not. */
const files = {
  text: { 'a.txt': Array.from({ length: 30_000 }, (_, at) => `${at} is ${(at * at) % 977}\n`).join('') },
  noise: { bytes: randomBytes(300_000) }
}

const chosenAs = (...settings: readonly string[]) => ({ settings: settings.toSorted() })

async function exportAs(
  source: ImageSource,
  destination: string,
  options: Partial<ManifestOptions>,
  how: RunOptions = {}
) {
  const node = oci(source, {
    ...manifestDefaults({ compression: ['auto'], sourceDateEpoch: 0, ...options }),
    destination,
    tar: true
  })
  const [receipt] = await run([node], how)
  return { digest: receipt?.descriptor?.digest, settings: Object.values(receipt?.chosen ?? {}).toSorted() }
}

function sourceOf(path: string, names: readonly string[]): ImageSource {
  const layers = names.map((name) => directory({ path: `${path}/${name}`, target: name }))
  return imageOf(layers, { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false })
}

test('each layer gets the setting that suits it, and the receipt says which', async (t) => {
  const path = t.testdir(files)
  const notes: string[] = []
  const listen = (event: unknown): void => void notes.push((event as { message: string }).message)
  noteChannel.subscribe(listen)
  t.teardown(() => noteChannel.unsubscribe(listen))
  const made = await exportAs(sourceOf(path, ['text', 'noise']), `${path}/a.tar`, {})
  t.match(made, chosenAs('uncompressed', 'zstd:3'))
  t.same(notes.toSorted(), ['chose uncompressed', 'chose zstd:3'])
})

test('the choice is annotated on the layer, and the bytes are those of the setting', async (t) => {
  const path = t.testdir(files)
  const source = sourceOf(path, ['text'])
  await exportAs(source, `${path}/auto.tar`, {})
  await exportAs(source, `${path}/plain.tar`, { compression: ['zstd'], compressionLevel: 3 })
  const layerOf = (name: string) => {
    const [, digest, rest] =
      /"layers": \[\s*\{[^}]*?"digest": "(\S+)"([^}]*)/.exec(readFileSync(`${path}/${name}`, 'latin1')) ?? []
    return { digest, rest }
  }
  const [auto, plain] = [layerOf('auto.tar'), layerOf('plain.tar')]
  t.match(auto.rest, /"dev\.layerpipe\.compression": "zstd:3"/)
  t.match(auto.digest, /^sha256:/)
  t.equal(auto.digest, plain.digest)
  t.notMatch(plain.rest, /annotations/)
})

test('the same layers get the same choice, whatever the machine does meanwhile', async (t) => {
  const path = t.testdir(files)
  const source = sourceOf(path, ['text', 'noise'])
  const one = await exportAs(source, `${path}/a.tar`, {}, { budget: createBudget(1) })
  const eight = await exportAs(source, `${path}/b.tar`, {}, { budget: createBudget(8) })
  t.same(one, eight)
  t.ok(readFileSync(`${path}/a.tar`).equals(readFileSync(`${path}/b.tar`)))
})

test('layers of an existing image stay, unless they are forced', async (t) => {
  const path = t.testdir(files)
  await exportAs(sourceOf(path, ['text']), `${path}/base.tar`, { compression: ['gzip'] })
  const base = image({ kind: 'oci-archive', path: `${path}/base.tar`, name: null, platforms: 'all' })
  t.match(await exportAs(base, `${path}/kept.tar`, {}), chosenAs())
  t.match(await exportAs(base, `${path}/forced.tar`, { forceCompression: true }), chosenAs('zstd:3'))
})
