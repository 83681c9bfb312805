import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import { digestOf, hexOf } from '../../lib/blob/digest.js'
import { type LayoutFile, layoutFiles } from '../../lib/image/layout-files.js'
import { mergeDescriptors, namedDescriptors, storedDescriptor } from '../../lib/image/layout-index.js'
import { OCI_MANIFEST } from '../../lib/image/media-types.js'
import { AMD64, ARM64, imageBlobs, indexBlobs } from '../helpers/image-blobs.js'

const NAMES = ['docker.io/library/foo:latest', 'example.com/bar:1']
const ROOT = { mediaType: OCI_MANIFEST, digest: digestOf('root'), size: 4 }

async function textOfFile(files: readonly LayoutFile[], path: string): Promise<string> {
  const file = files.find((each) => each.path === path)
  return file ? (await buffer(file.blob.open())).toString() : ''
}

test('the files of a layout are sorted, each blob once, with the modes of the tar', (t) => {
  const files = layoutFiles(imageBlobs(['a', 'b', 'a']), { names: [], docker: true })
  const paths = files.map(({ path }) => path)
  t.strictSame(paths, [...paths].sort())
  t.equal(files.filter(({ path }) => path.startsWith('blobs/sha256/')).length, 4)
  t.equal(files.find(({ path }) => path.endsWith(hexOf(digestOf('a'))))?.mode, 0o444)
  t.strictSame(
    files.slice(-3).map(({ path, mode }) => [path, mode]),
    [
      ['index.json', 0o644],
      ['manifest.json', 0o644],
      ['oci-layout', 0o444]
    ]
  )
  t.end()
})

test('index.json has a descriptor per name, with the annotations of the root beside the names', async (t) => {
  const blobs = imageBlobs(['a'])
  const root = blobs.at(-1)?.blob.descriptor
  const index = await textOfFile(layoutFiles(blobs, { names: NAMES, docker: false }), 'index.json')
  t.equal(
    index,
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[${[
      ['docker.io/library/foo:latest', 'latest'],
      ['example.com/bar:1', '1']
    ]
      .map(
        ([name, tag]) =>
          `{"mediaType":"${OCI_MANIFEST}","digest":"${root?.digest}","size":${root?.size},"annotations":{"io.containerd.image.name":"${name}","org.opencontainers.image.ref.name":"${tag}"},"platform":{"architecture":"amd64","os":"linux"}}`
      )
      .join(',')}]}`
  )
})

test('manifest.json has familiar names, or null', async (t) => {
  const blobs = imageBlobs(['a'])
  const named = JSON.parse(await textOfFile(layoutFiles(blobs, { names: NAMES, docker: true }), 'manifest.json'))
  t.strictSame(named[0].RepoTags, ['foo:latest', 'example.com/bar:1'])
  t.strictSame(named[0].Layers, [`blobs/sha256/${hexOf(digestOf('a'))}`])
  const nameless = await textOfFile(layoutFiles(blobs, { names: [], docker: true }), 'manifest.json')
  t.match(nameless, '"RepoTags":null')
})

test('of several platforms manifest.json has one image', async (t) => {
  const files = layoutFiles(indexBlobs(['a'], [ARM64, AMD64]), { names: NAMES, docker: true })
  t.equal(JSON.parse(await textOfFile(files, 'manifest.json')).length, 1)
})

test('a name that is added takes the place of the same name, and of nothing else', (t) => {
  const present = [
    ...namedDescriptors(ROOT, ['docker.io/library/foo:latest', 'docker.io/library/foo:2']),
    { ...ROOT, annotations: { 'org.opencontainers.image.ref.name': '1' } }
  ]
  const other = { ...ROOT, digest: digestOf('other') }
  const merged = mergeDescriptors(present, namedDescriptors(other, NAMES))
  t.strictSame(
    merged.map(({ digest, annotations }) => [digest, annotations?.['io.containerd.image.name']]),
    [
      [ROOT.digest, 'docker.io/library/foo:2'],
      [other.digest, NAMES[0]],
      [other.digest, NAMES[1]]
    ]
  )
  t.end()
})

test('a root without a name is listed once', (t) => {
  const merged = mergeDescriptors([ROOT, ...namedDescriptors(ROOT, NAMES)], [ROOT])
  t.equal(merged.length, 3)
  t.equal(mergeDescriptors(merged, [ROOT]).length, 3)
  t.end()
})

test('in a store the same tag of two repositories stays apart', (t) => {
  const one = storedDescriptor(ROOT, 'docker.io/library/one:latest')
  const two = storedDescriptor(ROOT, 'docker.io/library/two:latest')
  t.strictSame(mergeDescriptors([one], [two]), [one, two])
  t.equal(one.annotations?.['org.opencontainers.image.ref.name'], 'docker.io/library/one:latest')
  t.end()
})
