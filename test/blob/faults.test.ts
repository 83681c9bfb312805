import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createLayoutStaging } from '../../lib/blob/layout-staging.js'
import { openStore } from '../../lib/blob/store.js'
import { OutputError } from '../../lib/errors.js'
import { rootOf } from '../../lib/image/layout-files.js'
import type { ImageBlob } from '../../lib/stages/items.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { withTmpfs } from '../helpers/tmpfs.js'

const NAME = 'docker.io/library/app:1'

async function toLayout(directory: string, blobs: readonly ImageBlob[]): Promise<void> {
  const staging = await createLayoutStaging(directory)
  try {
    for (const { blob } of blobs) await staging.add(blob)
    await staging.commit(blobs, { names: [NAME], docker: true })
  } finally {
    await staging.abandon()
  }
}

async function toStore(directory: string, blobs: readonly ImageBlob[]): Promise<void> {
  const store = openStore(directory)
  const lease = await store.lease()
  try {
    for (const { blob } of blobs) await lease.add(blob)
    await store.name(rootOf(blobs), [NAME])
  } finally {
    await lease.release()
  }
}

/**
 * Runs `work` on file systems that have room for more and more files, so that each step that makes one fails in turn,
 * until it succeeds. Gives the number of failures, or null where mounting is not permitted.
 */
async function failEachStep(
  work: (directory: string) => Promise<void>,
  after: (directory: string, failure: unknown) => Promise<void>
): Promise<number | null> {
  for (let inodes = 3; ; inodes += 1) {
    let failure: unknown = null
    const mounted = await withTmpfs(`size=1m,nr_inodes=${inodes}`, async (directory) => {
      await work(directory).catch((error: unknown) => {
        failure = error
      })
      await after(directory, failure)
    })
    if (!mounted) return null
    if (failure === null) return inodes - 3
  }
}

test('a layout that can not be written, whatever step fails, is not there', async (t) => {
  const failures = await failEachStep(
    (directory) => toLayout(join(directory, 'layout'), imageBlobs(['base', 'top'])),
    async (directory, failure) => {
      if (failure === null) return
      t.type(failure, OutputError, String(failure))
      t.strictSame(readdirSync(directory), [])
    }
  )
  if (failures === null) return void t.pass('faults', { skip: 'mounting is not permitted' })
  t.ok(failures > 5, `${failures} steps failed`)
})

test('an image that can not be kept, whatever step fails, has no name, and the store is valid', async (t) => {
  const failures = await failEachStep(
    (directory) => toStore(join(directory, 'store'), imageBlobs(['base', 'top'])),
    async (directory, failure) => {
      const store = openStore(join(directory, 'store'))
      t.match(await store.verify(), { damaged: [], missing: [] })
      if (failure === null) return
      t.type(failure, OutputError, String(failure))
      t.strictSame(await store.images(), [])
    }
  )
  if (failures === null) return void t.pass('faults', { skip: 'mounting is not permitted' })
  t.ok(failures > 5, `${failures} steps failed`)
})
