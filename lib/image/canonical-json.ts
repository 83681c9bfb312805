import type { Descriptor } from '../blob/descriptor.js'
import type { Platform } from './platform.js'

/*
 * One spelling for every document, so that equal images have equal digests. It is the one that Go's encoding/json
 * gives to the types of the image specification: their field order, map keys sorted, and its escapes.
 */

/** JSON with two spaces of indentation and no newline at the end: manifests and indexes. */
export function indentedJson(value: object): Buffer {
  return Buffer.from(escapeAsGo(JSON.stringify(value, null, 2)))
}

/** JSON without white space: configs, index.json, manifest.json, oci-layout. */
export function compactJson(value: object): Buffer {
  return Buffer.from(escapeAsGo(JSON.stringify(value)))
}

/** The record with its keys in byte order. */
export function sortKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
}

/** `value` unless it is undefined, null, an empty string, array or record, or false: Go's `omitempty`. */
export function unlessEmpty<T>(value: T | null | undefined): T | undefined {
  if (value === undefined || value === null || value === '' || value === false) return undefined
  if (typeof value === 'object' && Object.keys(value).length === 0) return undefined
  return value
}

/** A descriptor with its fields in the specification's order and its annotations sorted. */
export function orderDescriptor(descriptor: Descriptor): object {
  const { mediaType, digest, size, urls, annotations, data, platform, artifactType } = descriptor
  return {
    mediaType,
    digest,
    size,
    urls: unlessEmpty(urls),
    annotations: orderAnnotations(annotations),
    data: unlessEmpty(data),
    platform: platform && orderPlatform(platform),
    artifactType: unlessEmpty(artifactType)
  }
}

export function orderAnnotations(annotations: Readonly<Record<string, string>> | undefined): object | undefined {
  return annotations && unlessEmpty(sortKeys(annotations))
}

export function orderPlatform(platform: Platform): object {
  return {
    architecture: platform.architecture,
    os: platform.os,
    'os.version': unlessEmpty(platform['os.version']),
    'os.features': unlessEmpty(platform['os.features']),
    variant: unlessEmpty(platform.variant)
  }
}

function escapeAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]|\\[bf]/g, (found) => {
    if (found === '\\b') return '\\u0008'
    if (found === '\\f') return '\\u000c'
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
