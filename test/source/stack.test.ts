import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { formatPlatform, localPlatform, parsePlatform } from '../../lib/image/platform.js'
import { type SourceImages, type StackedImage, stackImages } from '../../lib/source/stack.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'

function layer(name: string): LayerSource {
  const bytes = Buffer.from(name)
  const blob = memoryBlob(bytes, { mediaType: 'application/vnd.oci.image.layer.v1.tar' })
  return { kind: 'stored', layer: { blob, diffID: digestOf(bytes) }, history: [{ created_by: name }] }
}

function image(platform: string, layers: readonly string[], fields: Partial<ImageEnd> = {}): StackedImage {
  const end: ImageEnd = { kind: 'image', platform: parsePlatform(platform), config: {}, history: [], ...fields }
  return { layers: layers.map(layer), end }
}

const loose = (...layers: readonly string[]): SourceImages => ({ images: [], layers: layers.map(layer) })
const images = (...all: readonly StackedImage[]): SourceImages => ({ images: all, layers: [] })

const summary = (stacked: readonly StackedImage[]) =>
  stacked.map(({ layers, end }) => [
    formatPlatform(end.platform),
    ...layers.map(({ history }) => history.map((step) => step.created_by).join('+'))
  ])

test('layers without an image are one for this machine', async (t) => {
  t.same(summary(stackImages([loose('a'), loose('b', 'c')], [])), [[formatPlatform(localPlatform()), 'a', 'b', 'c']])
})

test('layers without an image are in one image for each platform asked for', async (t) => {
  t.same(summary(stackImages([loose('a')], ['linux/amd64', 'linux/arm/v7'])), [
    ['linux/amd64', 'a'],
    ['linux/arm/v7', 'a']
  ])
})

test('layers stand on every platform of the image below', async (t) => {
  const base = images(image('linux/amd64', ['x']), image('linux/arm64', ['y']))
  t.same(summary(stackImages([base, loose('a')], [])), [
    ['linux/amd64', 'x', 'a'],
    ['linux/arm64', 'y', 'a']
  ])
})

test('an image above another has to have its platform', async (t) => {
  const upper = images(image('linux/arm64', ['u']), image('linux/amd64', ['v']))
  t.same(summary(stackImages([images(image('linux/amd64', ['x'])), upper], [])), [['linux/amd64', 'x', 'v']])
  t.throws(() => stackImages([images(image('linux/s390x', ['x'])), upper], []), {
    code: 'ERR_INPUT',
    message: /expected one for linux\/s390x.*found linux\/arm64, linux\/amd64/
  })
})

test('the upper config goes before the lower, and history goes on where it stopped', async (t) => {
  const lower = image('linux/amd64', ['x'], {
    config: { User: 'root', WorkingDir: '/' },
    created: '2020-01-01T00:00:00Z',
    author: 'somebody',
    history: [{ created_by: 'CMD', empty_layer: true }]
  })
  const upper = image('linux/amd64', ['y'], { config: { User: 'nobody' }, history: [{ created_by: 'USER' }] })
  const [stacked] = stackImages([images(lower), images(upper)], [])
  t.same(stacked?.end.config, { User: 'nobody', WorkingDir: '/' })
  t.match(stacked?.end, { created: '2020-01-01T00:00:00Z', author: 'somebody', history: [{ created_by: 'USER' }] })
  t.same(stacked && summary([stacked]), [['linux/amd64', 'x', 'CMD+y']])
})

test('a history without a layer after it stays at the end', async (t) => {
  const first = image('linux/amd64', ['x'], { history: [{ created_by: 'A' }] })
  const second = image('linux/amd64', [], { history: [{ created_by: 'B' }] })
  t.match(stackImages([images(first), images(second)], [])[0]?.end.history, [{ created_by: 'A' }, { created_by: 'B' }])
})
