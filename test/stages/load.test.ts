import { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { type Node, pipe, run, source } from '../../lib/graph/index.js'
import type { ImageBlob, Receipt } from '../../lib/stages/items.js'
import { engineEnvironment, load } from '../../lib/stages/load.js'
import { listen, type NoteEvent, noteChannel } from '../../lib/trace.js'
import { type EngineAnswer, startFakeEngine } from '../helpers/fake-engine.js'
import { imageBlobs } from '../helpers/image-blobs.js'

const LAYERS = ['a layer that the engine has', 'a layer that it has not']

const given = (blobs: readonly ImageBlob[]): Node<ImageBlob> =>
  source<{ count: number }, ImageBlob>('given', () => Readable.from(blobs))({ count: blobs.length })

/** An engine that has the first layer, and a run that loads an image into it. */
async function startLoading(t: Test, loaded: (attempt: number) => EngineAnswer) {
  const archives: Buffer[] = []
  const host = await startFakeEngine(t, (path, body) => {
    if (path.startsWith('/images/load')) return loaded(archives.push(body))
    if (path === '/info') return { document: { Driver: 'vfs' } }
    if (path === '/images/json') return { document: [{ Id: 'one' }] }
    return { document: { RootFS: { Layers: [digestOf(LAYERS[0] ?? '')] } } }
  })
  const notes: string[] = []
  t.teardown(listen<NoteEvent>(noteChannel, ({ message }) => void notes.push(message)))
  const loading = (blobs: readonly ImageBlob[], signal?: AbortSignal): Promise<readonly Receipt[]> => {
    const provide = [engineEnvironment.provide({ DOCKER_HOST: host })]
    return run([pipe(given(blobs), load({ names: ['a:1'] }))], { provide, ...(signal && { signal }) })
  }
  return { archives, notes, loading }
}

test('when the engine misses a layer that it had, all are sent', async (t) => {
  const answers: readonly EngineAnswer[] = [
    { document: { error: 'layer does not exist' } },
    { document: { stream: 'Loaded image: a:1\n' } }
  ]
  const { archives, notes, loading } = await startLoading(t, (attempt) => answers[attempt - 1] ?? { document: '' })
  const [receipt] = await loading(imageBlobs(LAYERS))
  t.same(notes, ['the engine misses a layer that it had: sending all of them'])
  t.same(
    archives.map((archive) => LAYERS.map((layer) => archive.includes(layer))),
    [
      [false, true],
      [true, true]
    ]
  )
  t.equal(
    receipt?.bytes,
    archives.reduce((sum, { length }) => sum + length, 0)
  )
})

test('a layer that could not be read was taken for one that the engine misses: nothing is sent again', async (t) => {
  const { notes, loading } = await startLoading(t, () => ({ document: '' }))
  const blobs = imageBlobs(LAYERS).map((item, index) => {
    const open = () => Readable.from(broken())
    return index === 1 ? { ...item, blob: { ...item.blob, open } } : item
  })
  await t.rejects(loading(blobs), { message: 'the layer is damaged' })
  t.same(notes, [])
})

test('a load that was aborted began again: it does not', async (t) => {
  const controller = new AbortController()
  const { archives, notes, loading } = await startLoading(t, () => {
    controller.abort(new Error('enough'))
    return { document: '' }
  })
  const blobs = imageBlobs(LAYERS)
  await t.rejects(loading(blobs, controller.signal), { message: 'enough' })
  t.same(notes, [])
  t.equal(archives.length, 1)
})

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from('a layer')
  throw new Error('the layer is damaged')
}
