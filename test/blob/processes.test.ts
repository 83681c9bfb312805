import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'tap'
import { openStore } from '../../lib/blob/store.js'
import { nameOfImage, startExporting } from '../helpers/exporting-process.js'

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit')
  return code
}

test('eight processes fill one store while another collects garbage: nothing is lost', async (t) => {
  const store = openStore(join(t.testdir(), 'store'))
  const children = IDS.map((id) => startExporting({ target: 'store', directory: store.directory, id, images: 2 }))
  let running = true
  const exits = Promise.all(children.map(exitOf)).finally(() => {
    running = false
  })
  let removed = 0
  for (; running; await sleep(100)) removed += (await store.collect()).removed
  t.strictSame(await exits, Array(8).fill(0))
  const names = (await store.images()).map(({ name }) => name)
  t.strictSame(
    names.sort(),
    IDS.map((id) => nameOfImage(id, 1))
  )
  t.match(await store.verify(), { damaged: [], missing: [] })
  removed += (await store.collect()).removed
  t.ok(removed >= 8, `${removed} blobs were collected`)
  t.match(await store.verify(), { damaged: [], missing: [] })
  t.strictSame(readdirSync(join(store.directory, '.layerpipe/leases')), [])
  t.strictSame(readdirSync(join(store.directory, '.layerpipe/ingest')), [])
})

test('eight processes that make one layout directory leave eight tags each once', async (t) => {
  const parent = t.testdir()
  const directory = join(parent, 'layout')
  const children = IDS.map((id) => startExporting({ target: 'layout', directory, id, images: 2 }))
  t.strictSame(await Promise.all(children.map(exitOf)), Array(8).fill(0))
  const expected = IDS.flatMap((id) => [nameOfImage(id, 0), nameOfImage(id, 1)]).sort()
  // A store is a layout, and so a layout can be verified as one.
  const layout = openStore(directory)
  t.strictSame((await layout.images()).map(({ name }) => name).sort(), expected)
  t.match(await layout.verify(), { damaged: [], missing: [] })
  const images: { RepoTags: string[] }[] = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'))
  t.equal(images.flatMap(({ RepoTags }) => RepoTags).length, 16)
  t.strictSame(readdirSync(parent), ['layout'])
})
