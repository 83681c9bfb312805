import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { type Node, pipe, type RunOptions, run, stage } from '../../lib/graph/index.js'
import { directory } from '../../lib/source/directory.js'
import { standardInput } from '../../lib/source/standard-input.js'
import { describeTarball, tarball } from '../../lib/source/tarball.js'
import { diff } from '../../lib/stages/diff.js'
import type { ImageEnd, Layer, LayerSource } from '../../lib/stages/items.js'
import { pack } from '../../lib/stages/pack.js'
import { generate } from '../../lib/streams/generate.js'
import { extractAll, member, tarOf } from '../helpers/tars.js'

/** The bytes of the one layer that a source makes. */
async function layerOf(layers: Node<LayerSource>, options: RunOptions = {}): Promise<Buffer> {
  const [bytes = Buffer.alloc(0)] = await run(
    [pipe<LayerSource, Layer | ImageEnd, Buffer>(layers, packed, read)],
    options
  )
  return bytes
}

const packed = (layers: Node<LayerSource>): Node<Layer | ImageEnd> => pack()(diff()(layers))

const read = stage<null, Layer | ImageEnd, Buffer>('read', () =>
  generate<Layer | ImageEnd, Buffer>(async function* (layers) {
    const bytes: Buffer[] = []
    for await (const item of layers) {
      if (item.kind === 'layer') for await (const block of item.body.open()) bytes.push(block.bytes)
    }
    yield Buffer.concat(bytes)
  })
)(null)

const fromFile = async (path: string): Promise<Node<LayerSource>> => tarball(await describeTarball(path))

function write(t: Test, bytes: Buffer): string {
  const path = join(t.testdir(), 'test.tar')
  writeFileSync(path, bytes)
  return path
}

test('a directory, its tar, the compressed tar and the tar from a pipe make the same layer', async (t) => {
  const root = t.testdir({ tree: { b: { c: 'hello', 'a.x': 'x' }, 'a.b': 'y', a: { z: '' } } })
  const tree = join(root, 'tree')
  symlinkSync('b/c', join(tree, 'link'))
  mkdirSync(join(tree, 'empty'))
  execFileSync('tar', ['-C', tree, '-cf', join(root, 'plain.tar'), 'link', 'b', 'empty', 'a.b', 'a'])
  const tar = readFileSync(join(root, 'plain.tar'))
  writeFileSync(join(root, 'gzip.tar'), gzipSync(tar))
  const expected = await layerOf(directory({ path: tree, target: '' }))
  t.ok((await layerOf(await fromFile(join(root, 'plain.tar')))).equals(expected), 'plain')
  t.ok((await layerOf(await fromFile(join(root, 'gzip.tar')))).equals(expected), 'compressed')
  const provide = [standardInput.provide(Readable.from([tar], { objectMode: false }))]
  t.ok((await layerOf(await fromFile('-'), { provide })).equals(expected), 'from a pipe')
})

test('whiteouts of a layer tar stay, where they belong', async (t) => {
  const tar = tarOf(member({ name: 'b' }, 'x'), member({ name: 'd/.wh..wh..opq' }), member({ name: '.wh.a' }))
  const found = await extractAll(await layerOf(await fromFile(write(t, tar))))
  t.same(
    found.map(({ entry }) => `${entry.type} ${entry.path}`),
    ['whiteout a', 'file b', 'opaque d']
  )
})

test('a tar that changed since its node was made is refused', async (t) => {
  for (const bytes of [tarOf(member({}, 'hello')), gzipSync(tarOf(member({}, 'hello')))]) {
    const path = write(t, bytes)
    const layers = await fromFile(path)
    utimesSync(path, 1, 1)
    await t.rejects(layerOf(layers), { code: 'ERR_INPUT', message: /found other times.*the file changed/i })
  }
})

test('a tar that changes while its layer is made is refused', async (t) => {
  const path = write(t, tarOf(member({ name: 'a' }, 'hello')))
  const touch = stage<null, LayerSource, LayerSource>('touch', () =>
    generate<LayerSource, LayerSource>(async function* (layers) {
      for await (const item of layers) {
        appendFileSync(path, Buffer.alloc(512))
        yield item
      }
    })
  )(null)
  await t.rejects(layerOf(pipe(await fromFile(path), touch)), {
    message: /expected 2048 bytes, found 2560.*the file changed/i
  })
})

test('a tar that is cut while its layer is made is refused', async (t) => {
  const path = write(t, tarOf(member({ name: 'a' }, 'hello')))
  const cut = stage<null, LayerSource, LayerSource>('cut', () =>
    generate<LayerSource, LayerSource>(async function* (layers) {
      for await (const item of layers) {
        truncateSync(path, 512)
        yield item
      }
    })
  )(null)
  await t.rejects(layerOf(pipe(await fromFile(path), cut)), { code: 'ERR_INPUT', message: /the file was cut/i })
})

test('the name of the work changes with the contents of the file', async (t) => {
  const path = write(t, tarOf(member({})))
  const before = await fromFile(path)
  t.equal((await fromFile(path)).key, before.key)
  appendFileSync(path, Buffer.alloc(512))
  t.not((await fromFile(path)).key, before.key)
})

test('a missing tar and a directory are input errors that say what to do', async (t) => {
  const root = t.testdir()
  await t.rejects(describeTarball(join(root, 'missing')), {
    code: 'ERR_INPUT',
    message: /found nothing at that path. Check the path/
  })
  await t.rejects(describeTarball(root), { code: 'ERR_INPUT', message: /found a directory. Write dir:/ })
})

test('a broken tar is an input error and leaves nothing behind', async (t) => {
  const temporary = t.testdir()
  const broken = tarOf(member({ name: 'a' }, Buffer.alloc(100_000))).subarray(0, 50_000)
  const provide = [standardInput.provide(Readable.from([broken], { objectMode: false }))]
  await t.rejects(layerOf(await fromFile('-'), { provide, temporary }), { message: /tar:-, entry a: expected a tar/ })
  t.same(readdirSync(temporary), [])
})
