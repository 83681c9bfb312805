import type { Annotations, Descriptor } from './descriptor.js'
import { isDigest } from './digest.js'

/** A descriptor as records have it. */
export type StoredDescriptor = Pick<Descriptor, 'mediaType' | 'digest' | 'size' | 'annotations'>

/*
 * What this program wrote itself is checked by hand: the schemas that check what others wrote take longer to load than
 * most runs that read a record have to do.
 */

export function isStoredDescriptor(value: unknown): value is StoredDescriptor {
  if (!isObject(value)) return false
  const { mediaType, digest, size, annotations } = value
  return (
    typeof mediaType === 'string' &&
    isDigestText(digest) &&
    isCount(size) &&
    (annotations === undefined || isTexts(annotations))
  )
}

export function isDigestText(value: unknown): boolean {
  return typeof value === 'string' && isDigest(value)
}

export function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isTexts(value: unknown): value is Annotations {
  return isObject(value) && Object.values(value).every((each) => typeof each === 'string')
}
