import type { Annotations } from '../../blob/descriptor.js'
import { type Digest, isDigest } from '../../blob/digest.js'
import { isJsonObject, jsonOrNull, textAt } from '../../loose-json.js'
import { Refusal } from './exchange.js'
import type { ManifestRecord } from './storage.js'

/** Reads what a registry has to know of a manifest that was put: the rest is its author's business. */
export function readManifestRecord(bytes: Buffer, digest: Digest, contentType: string): ManifestRecord {
  const document = parse(bytes)
  const mediaType = contentType.split(';')[0]?.trim() ?? ''
  const { mediaType: own = mediaType, annotations } = document
  if (mediaType === '' || own !== mediaType) {
    throw new Refusal(400, 'MANIFEST_INVALID', 'Content-Type and the mediaType of the document disagree')
  }
  if ('manifests' in document && 'layers' in document) {
    throw new Refusal(400, 'MANIFEST_INVALID', 'the document is an index and an image at once')
  }
  const artifactType = textAt(document, 'artifactType') ?? textAt(document, 'config', 'mediaType')
  const subject = textAt(document, 'subject', 'digest')
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType !== null && { artifactType }),
    ...(isAnnotations(annotations) && { annotations }),
    ...(subject !== null && isDigest(subject) && { subject })
  }
}

function parse(bytes: Buffer): Readonly<Record<string, unknown>> {
  const document = jsonOrNull(bytes.toString())
  if (isJsonObject(document)) return document
  throw new Refusal(400, 'MANIFEST_INVALID', 'the manifest is not a JSON object')
}

function isAnnotations(value: unknown): value is Annotations {
  return isJsonObject(value) && Object.values(value).every((each) => typeof each === 'string')
}
