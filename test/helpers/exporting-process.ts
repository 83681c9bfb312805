import { type ChildProcess, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createLayoutStaging } from '../../lib/blob/layout-staging.js'
import { openStore } from '../../lib/blob/store.js'
import { rootOf } from '../../lib/image/layout-files.js'
import type { ImageBlob } from '../../lib/stages/items.js'
import { imageBlobs } from './image-blobs.js'

/** What a process of its own does: exports images to a store or a layout, or gets stuck in the middle of a blob. */
export interface Work {
  readonly target: 'store' | 'layout'
  readonly directory: string
  /** Makes its layers and its names its own. */
  readonly id: string
  readonly images: number
  readonly stuck?: boolean
}

/** Starts it. It sends a message when it begins or, where it is to get stuck, when it is. */
export function startExporting(work: Work): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(work)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
}

export function nameOfImage(id: string, turn: number): string {
  return `docker.io/library/app:${id}.${turn}`
}

const [, script, order] = process.argv
if (script === fileURLToPath(import.meta.url) && order) await perform(JSON.parse(order))

async function perform({ target, directory, id, images, stuck = false }: Work): Promise<void> {
  if (!stuck) process.send?.('begun')
  for (let turn = 0; turn < images; turn += 1) {
    const blobs = imageBlobs(['common to all', 'common to some', `of ${id}`, `of ${id} ${turn}`])
    const all = stuck ? blobs.map(stick) : blobs
    await (target === 'store'
      ? toStore(directory, all, nameOfImage(id, turn))
      : toLayout(directory, all, nameOfImage(id, turn)))
  }
}

async function toStore(directory: string, blobs: readonly ImageBlob[], name: string): Promise<void> {
  const store = openStore(directory)
  const lease = await store.lease()
  for (const { blob } of blobs) {
    await lease.add(blob)
    await sleep(Math.random() * 5)
  }
  await store.name(rootOf(blobs), [name])
  await lease.release()
  // What loses its name at once is garbage for the others to trip over.
  if (name.endsWith('.0')) await store.remove([name])
}

async function toLayout(directory: string, blobs: readonly ImageBlob[], name: string): Promise<void> {
  const staging = await createLayoutStaging(directory)
  for (const { blob } of blobs) await staging.add(blob)
  await staging.commit(blobs, { names: [name], docker: true })
  await staging.abandon()
}

/** A config that never ends, after its first byte. */
function stick(item: ImageBlob): ImageBlob {
  if (item.role !== 'config') return item
  const open = (): Readable => {
    setTimeout(() => process.send?.('stuck'), 50)
    const keepsTheProcess = setInterval(() => {}, 1000)
    return new Readable({ read() {} }).once('close', () => clearInterval(keepsTheProcess))
  }
  return { ...item, blob: { ...item.blob, open } }
}
