import { UsageError } from '../errors.js'
import { nearest } from '../nearest.js'
import { ANNOTATION_TARGETS } from '../options/annotations.js'
import type { AnnotationValue } from '../options/option.js'
import { formatPlatform, type Platform, parsePlatform, samePlatform } from './platform.js'

/**
 * Reads the value of `--annotation`: `[type[platform],type…:]key=value`, as buildx has it. Without a type it is for
 * the manifests. Platforms come out normalised.
 */
export function parseAnnotation(text: string): readonly AnnotationValue[] {
  const equals = text.indexOf('=')
  if (equals < 0) throw unreadable(text, 'no "="')
  const value = text.slice(equals + 1)
  const name = text.slice(0, equals)
  const colon = name.indexOf(':')
  const types = colon < 0 ? ['manifest'] : name.slice(0, colon).split(',')
  const key = name.slice(colon + 1)
  if (key === '') throw unreadable(text, 'no key')
  return types.map((type) => ({ ...parseType(type, text), key, value }))
}

/**
 * Refuses an annotation that nothing in the result can have: one for an index, or for its descriptor, where there is a
 * single manifest, and one for a platform that is not there. `manifests` has the platform of each manifest.
 */
export function checkAnnotations(annotations: readonly AnnotationValue[], manifests: readonly Platform[]): void {
  for (const { target, platform, key } of annotations) {
    if (target.startsWith('index') && manifests.length === 1)
      throw unfit(key, 'an index', 'a single manifest', 'put it on the manifest, or export several platforms')
    const wanted = platform === null ? null : parsePlatform(platform)
    if (wanted && !manifests.some((manifest) => samePlatform(manifest, wanted)))
      throw unfit(
        key,
        `the platform ${platform}`,
        'none of it in the result',
        'leave it out, or add it with --platform'
      )
  }
}

function unfit(key: string, expected: string, found: string, advice: string): UsageError {
  return new UsageError({ operation: 'annotate', subject: `annotation ${key}`, expected, found, advice })
}

function parseType(text: string, whole: string): Pick<AnnotationValue, 'target' | 'platform'> {
  const [, name = '', platform] = /^([^[]*)(?:\[([^\]]*)\])?$/.exec(text) ?? []
  const target = ANNOTATION_TARGETS.find((each) => each === name)
  if (target === undefined) {
    const near = nearest(name, ANNOTATION_TARGETS)
    throw unreadable(whole, `the type ${JSON.stringify(text)}`, near === null ? undefined : `did you mean ${near}?`)
  }
  if (platform !== undefined && target.startsWith('index')) {
    throw unreadable(whole, 'a platform for an index', 'an index is for all platforms: leave [PLATFORM] out')
  }
  return { target, platform: platform === undefined ? null : formatPlatform(parsePlatform(platform)) }
}

function unreadable(text: string, found: string, advice?: string): UsageError {
  return new UsageError({
    operation: 'read annotation',
    subject: JSON.stringify(text),
    expected: `[TYPE[PLATFORM],…:]KEY=VALUE with the types ${ANNOTATION_TARGETS.join(', ')}`,
    found,
    ...(advice !== undefined && { advice })
  })
}
