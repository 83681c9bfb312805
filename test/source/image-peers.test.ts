import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { decompressAny } from '../../lib/codec/decompress.js'
import type { ResolvedImage } from '../../lib/image/resolved-image.js'
import { itemsOf } from '../../lib/source/image-items.js'
import { type ImageLocation, resolveImage } from '../../lib/source/image-source.js'
import { entriesOf } from '../../lib/stages/stored.js'
import { needs, runPeer } from '../helpers/peers.js'

/** Not `t.testdir()`: what others write there may not be removable by its rules. */
async function workIn(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'layerpipe-test-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function resolveOne(kind: ImageLocation['kind'], path: string, name: string | null): Promise<ResolvedImage> {
  const workspace = { standardInput: () => Readable.from([]), temporary: () => Promise.resolve(`${path}.unpacked`) }
  const [found] = await resolveImage({ kind, path, name }, 'all', workspace)
  if (!found) throw new Error('no image')
  return found
}

/** Reads every layer, which verifies it, compares what it unpacks to with its diffID, and reads its entries. */
async function checkLayers(t: Test, { layers }: ResolvedImage, count: number): Promise<void> {
  t.equal(layers.length, count)
  for (const layer of layers) {
    const { blob, diffID } = layer
    const tar = await blob.open().compose(decompressAny('layer')).toArray()
    t.equal(digestOf(Buffer.concat(tar)), diffID)
    t.ok((await entriesOf(layer).open().toArray()).length > 0)
  }
}

/** A layout with an image of two layers and a config, made by umoci. */
async function makeLayout(directory: string): Promise<string> {
  const [layout, tree] = [join(directory, 'layout'), join(directory, 'tree')]
  await runPeer('mkdir', tree)
  await writeFile(join(tree, 'a'), 'hello')
  await symlink('a', join(tree, 'b'))
  const tag = `${layout}:one`
  await runPeer('umoci', 'init', '--layout', layout)
  await runPeer('umoci', 'new', '--image', tag)
  await runPeer('umoci', 'insert', '--image', tag, tree, '/opt')
  await runPeer('umoci', 'config', '--image', tag, '--config.cmd', 'sh', '--config.env', 'A=b', '--config.label', 'c=d')
  await runPeer('umoci', 'insert', '--image', tag, tree, '/srv')
  return layout
}

test('a layout that umoci wrote gives its layers, its config and its history', needs('umoci'), async (t) => {
  const layout = await makeLayout(await workIn(t))
  const found = await resolveOne('oci', layout, 'one')
  await checkLayers(t, found, 2)
  t.match(found.document.config, { Cmd: ['sh'], Env: ['A=b'], Labels: { c: 'd' } })
  t.match(itemsOf(found), [
    { kind: 'stored', history: [{ created_by: /umoci insert/ }] },
    { kind: 'stored', history: [{ empty_layer: true, created_by: /umoci config/ }, { created_by: /umoci insert/ }] },
    { kind: 'image', config: { Cmd: ['sh'] }, history: [] }
  ])
})

test('what skopeo copies from a layout to archives gives the same image', needs('umoci', 'skopeo'), async (t) => {
  const directory = await workIn(t)
  const layout = await makeLayout(directory)
  const original = await resolveOne('oci', layout, 'one')
  const [oci, docker] = [join(directory, 'oci.tar'), join(directory, 'docker.tar')]
  await runPeer('skopeo', 'copy', '-q', `oci:${layout}:one`, `oci-archive:${oci}:x:1`)
  await runPeer('skopeo', 'copy', '-q', `oci:${layout}:one`, `docker-archive:${docker}:foo:1`)
  await runPeer('gzip', '-k', docker)
  const copies = [
    await resolveOne('oci-archive', oci, 'x:1'),
    await resolveOne('docker-archive', docker, 'foo:1'),
    await resolveOne('docker-archive', `${docker}.gz`, '1')
  ]
  for (const copy of copies) {
    await checkLayers(t, copy, 2)
    t.same(copy.document, original.document)
  }
})

test('images that podman saves, several in one archive too, are read', needs('buildah', 'podman'), async (t) => {
  const directory = await workIn(t)
  const storage = ['--root', join(directory, 's'), '--runroot', join(directory, 'r'), '--storage-driver', 'vfs']
  await writeFile(join(directory, 'file'), 'hello')
  for (const name of ['one', 'two']) {
    await runPeer('buildah', ...storage, 'from', '--name', name, 'scratch')
    await runPeer('buildah', ...storage, 'copy', name, join(directory, 'file'), `/${name}`)
    await runPeer('buildah', ...storage, 'config', '--cmd', name, name)
    await runPeer('buildah', ...storage, 'commit', '-q', name, `${name}:1`)
  }
  const [oci, docker] = [join(directory, 'oci.tar'), join(directory, 'docker.tar')]
  await runPeer('podman', ...storage, 'save', '-q', '--format', 'oci-archive', '-o', oci, 'one:1')
  await runPeer('podman', ...storage, 'save', '-q', '-m', '-o', docker, 'one:1', 'two:1')
  await checkLayers(t, await resolveOne('oci-archive', oci, null), 1)
  for (const name of ['one', 'two']) {
    const found = await resolveOne('docker-archive', docker, `localhost/${name}:1`)
    await checkLayers(t, found, 1)
    t.same(found.document.config?.Cmd, [name])
  }
})
