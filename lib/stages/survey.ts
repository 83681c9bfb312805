import { createHash, type Hash } from 'node:crypto'
import type { Entry, EntryBatch } from '../diff/entry.js'
import { type Stage, stage } from '../graph/index.js'
import type { Platform } from '../image/platform.js'
import { generate } from '../streams/generate.js'
import type { Changeset, ImageEnd } from './items.js'

/** What the layers of an image are filled with. */
export interface ImageSurvey {
  readonly platform: Platform
  /** Lowest first. */
  readonly layers: readonly LayerSurvey[]
}

export interface LayerSurvey {
  readonly createdBy: string
  /** In the order of the layer. */
  readonly entries: readonly SurveyedEntry[]
}

export interface SurveyedEntry {
  readonly entry: Entry
  /** SHA-256 of the body, in base64; null for what has none. */
  readonly content: string | null
}

/**
 * Changesets in, one survey of all images out: what every layer holds, and which contents are equal. Reads the bodies
 * in lockstep with who else does; stored layers are read for it. In memory are headers and digests.
 */
export const survey: () => Stage<Changeset | ImageEnd, readonly ImageSurvey[]> = () => surveyStage(null)

const surveyStage = stage<null, Changeset | ImageEnd, readonly ImageSurvey[]>('survey', () =>
  generate<Changeset | ImageEnd, readonly ImageSurvey[]>(async function* (items) {
    const images: ImageSurvey[] = []
    let layers: LayerSurvey[] = []
    for await (const item of items) {
      if (item.kind === 'image') {
        images.push({ platform: item.platform, layers })
        layers = []
      } else {
        const createdBy = item.history.at(-1)?.created_by ?? ''
        layers.push({ createdBy, entries: await surveyEntries(item.body.open()) })
      }
    }
    yield images
  })
)

async function surveyEntries(batches: AsyncIterable<EntryBatch>): Promise<readonly SurveyedEntry[]> {
  const surveyed: SurveyedEntry[] = []
  let last: { readonly entry: Entry; readonly hash: Hash | null } | null = null
  const finish = (): void => {
    if (last) surveyed.push({ entry: last.entry, content: last.hash?.digest('base64') ?? null })
  }
  for await (const batch of batches) {
    for (const item of batch) {
      if (Buffer.isBuffer(item)) {
        last?.hash?.update(item)
        continue
      }
      finish()
      last = { entry: item, hash: item.size > 0 ? createHash('sha256') : null }
    }
  }
  finish()
  return surveyed
}
