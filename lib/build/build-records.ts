import { digestOf } from '../blob/digest.js'
import type { Records } from '../blob/records.js'
import { createResource } from '../graph/resource.js'
import type { Inputs } from './input-log.js'
import type { RecordedImage } from './recorded-image.js'

/** What a build came to, and what it was made from: enough to give it again without evaluating it. */
export interface BuildRecord {
  readonly inputs: Inputs
  /** The digest of the state of the context's directories that were listed. */
  readonly state: string
  readonly images: readonly RecordedImage[]
}

/** The builds that are remembered, by all that they are asked for. Nothing in it rejects. */
export interface BuildRecords {
  get(key: string): Promise<BuildRecord | null>
  put(key: string, record: BuildRecord): Promise<void>
}

/** What a run looks earlier builds up in. None, unless it is given one. */
export const buildRecords = createResource<BuildRecords | null>('build records', () => null)

/** What records of builds are called in the store; changes when what is in them does, or what builds make of them. */
const KIND = 'build-1'

export function createBuildRecords(records: Records): BuildRecords {
  return {
    async get(key) {
      const found = await records.get(KIND, key).catch(() => null)
      const record = isSealed(found) ? unseal(found) : null
      if (record !== null) await records.touch(KIND, key)
      return record
    },
    put: (key, record) => records.put(KIND, key, seal(record)).catch(() => {})
  }
}

/** A record as text with its digest, so that damage is noticed: what is in it goes into images as it is. */
type Sealed = {
  readonly digest: string
  readonly text: string
}

function seal(record: BuildRecord): Sealed {
  const text = JSON.stringify(record)
  return { digest: digestOf(text), text }
}

function unseal({ digest, text }: Sealed): BuildRecord | null {
  const record: unknown = digestOf(text) === digest ? JSON.parse(text) : null
  return isRecord(record) ? record : null
}

function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null || !('digest' in value && 'text' in value)) return false
  return typeof value.digest === 'string' && typeof value.text === 'string'
}

/** The seal has shown that it is what `put` wrote. */
function isRecord(value: unknown): value is BuildRecord {
  return typeof value === 'object' && value !== null && 'inputs' in value && 'images' in value
}
