import type { Records } from '../blob/records.js'
import { seal, unseal } from '../blob/sealed.js'
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
      const record = readRecord(unseal(found))
      if (record !== null) await records.touch(KIND, key)
      return record
    },
    put: (key, record) => records.put(KIND, key, seal(JSON.stringify(record))).catch(() => {})
  }
}

function readRecord(text: string | null): BuildRecord | null {
  const record: unknown = text === null ? null : JSON.parse(text)
  return isRecord(record) ? record : null
}

/** The seal has shown that it is what `put` wrote. */
function isRecord(value: unknown): value is BuildRecord {
  return typeof value === 'object' && value !== null && 'inputs' in value && 'images' in value
}
