import { isDigestText, isStoredDescriptor } from '../../blob/stored-descriptor.js'
import { InputError } from '../../errors.js'
import { isJsonObject, jsonOrNull } from '../../loose-json.js'
import type { ManifestRecord } from './storage.js'

/** Reads what the registry wrote down of a manifest. Throws InputError where the file at `path` was damaged since. */
export function parseManifestRecord(text: string, path: string): ManifestRecord {
  const record = jsonOrNull(text)
  if (isManifestRecord(record)) return record
  throw new InputError({
    operation: 'read record of a manifest',
    subject: path,
    expected: 'what was written there',
    found: 'something else',
    advice: 'remove the file, and push the manifest again'
  })
}

function isManifestRecord(value: unknown): value is ManifestRecord {
  if (!isJsonObject(value)) return false
  const { artifactType = '', subject = value.digest } = value
  return isStoredDescriptor(value) && typeof artifactType === 'string' && isDigestText(subject)
}
