import type { Digest } from '../blob/digest.js'
import { storeResource } from '../blob/store.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { rootOf } from '../image/layout-files.js'
import { formatReference, parseName } from '../image/reference.js'
import { collectExported } from './collect-image.js'
import type { ImageBlob, Receipt } from './items.js'
import { generateSettled } from './settle.js'
import { createTally } from './tally.js'

/** How an image is kept. Plain data: it is part of the node's key. */
export type KeepOptions = {
  /** Full, as `formatReference` spells them. */
  readonly names: readonly string[]
  /** Whether each name is also kept as `name@digest`. */
  readonly canonical: boolean
  /** Names an image without a name `prefix@digest`. */
  readonly danglingPrefix: string | null
}

/** Sink: an image in the run's image store. Names point to it once all of it is there. */
export const keep: (options: KeepOptions) => Stage<ImageBlob, Receipt> = stage('keep', openKeep)

function openKeep(options: KeepOptions, context: Context) {
  return generateSettled<ImageBlob, Receipt>(context, async function* (items) {
    const start = performance.now()
    const store = context.resource(storeResource)
    const lease = await store.lease()
    try {
      const tally = createTally(context)
      const { blobs, descriptor, facts } = await collectExported(tally.addEach(items, lease), context)
      const names = namesOf(options, descriptor.digest)
      await store.name(rootOf(blobs), names, context.signal)
      for (const name of names) context.begin(`naming to ${name}`)()
      const { bytes, skipped } = tally
      const seconds = (performance.now() - start) / 1000
      yield {
        exporter: 'image',
        destination: store.directory,
        ...facts,
        names,
        bytes,
        skipped,
        seconds
      }
    } finally {
      await lease.release()
    }
  })
}

function namesOf({ names, canonical, danglingPrefix }: KeepOptions, digest: Digest): readonly string[] {
  if (names.length === 0) return danglingPrefix === null ? [] : [nameByDigest(danglingPrefix, digest)]
  return canonical ? [...names, ...names.map((name) => nameByDigest(name, digest))] : names
}

function nameByDigest(name: string, digest: Digest): string {
  return formatReference({ ...parseName(name), digest })
}
