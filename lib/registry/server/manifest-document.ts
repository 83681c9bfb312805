import { type Digest, isDigest } from '../../blob/digest.js'
import { Refusal } from './exchange.js'
import type { ManifestRecord } from './storage.js'

/** Reads what a registry has to know of a manifest that was put: the rest is its author's business. */
export function readManifestRecord(bytes: Buffer, digest: Digest, contentType: string): ManifestRecord {
  const document = parse(bytes)
  const mediaType = contentType.split(';')[0]?.trim() ?? ''
  const { mediaType: own = mediaType, artifactType, annotations, subject, config } = document
  if (mediaType === '' || own !== mediaType) {
    throw new Refusal(400, 'MANIFEST_INVALID', 'Content-Type and the mediaType of the document disagree')
  }
  if ('manifests' in document && 'layers' in document) {
    throw new Refusal(400, 'MANIFEST_INVALID', 'the document is an index and an image at once')
  }
  const kind = nonEmpty(artifactType) ?? nonEmpty(fieldOf(config, 'mediaType'))
  const target = fieldOf(subject, 'digest')
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(kind !== undefined && { artifactType: kind }),
    ...(isAnnotations(annotations) && { annotations }),
    ...(typeof target === 'string' && isDigest(target) && { subject: target })
  }
}

function parse(bytes: Buffer): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(bytes.toString())
    if (isRecord(document)) return document
  } catch {}
  throw new Refusal(400, 'MANIFEST_INVALID', 'the manifest is not a JSON object')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isAnnotations(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string')
}
