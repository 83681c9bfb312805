import { UsageError } from '../errors.js'
import { nearest } from '../nearest.js'
import { type Platform, parsePlatform } from './platform.js'

const TARGETS = ['manifest', 'index', 'manifest-descriptor', 'index-descriptor'] as const

/** What an annotation is put on: the manifest, the index, or the descriptor of either in what refers to it. */
export type AnnotationTarget = (typeof TARGETS)[number]

export interface AnnotationRule {
  readonly target: AnnotationTarget
  /** Only for this platform's manifest; null is for all. */
  readonly platform: Platform | null
  readonly key: string
  readonly value: string
}

/** Reads the value of `--annotation`: `[type[platform],type…:]key=value`, as buildx has it. */
export function parseAnnotation(text: string): readonly AnnotationRule[] {
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
 * Reads an attribute of an output: `annotation.K`, `annotation-manifest.K`, `annotation-index.K`, with an optional
 * platform as in `annotation-manifest[linux/amd64].K`. Null where the attribute's name is of another kind.
 */
export function parseAnnotationAttribute(name: string, value: string): AnnotationRule | null {
  const found = /^annotation(?:-([^[.]*))?(\[[^\]]*\])?\.(.*)$/s.exec(name)
  if (!found) return null
  const [, type = 'manifest', platform = '', key = ''] = found
  if (key === '') throw unreadable(`${name}=${value}`, 'no key')
  return { ...parseType(`${type}${platform}`, name), key, value }
}

function parseType(text: string, whole: string): Pick<AnnotationRule, 'target' | 'platform'> {
  const [, name = '', platform] = /^([^[]*)(?:\[([^\]]*)\])?$/.exec(text) ?? []
  const target = TARGETS.find((each) => each === name)
  if (target === undefined) {
    const near = nearest(name, TARGETS)
    throw unreadable(whole, `the type ${JSON.stringify(text)}`, near === null ? undefined : `did you mean ${near}?`)
  }
  if (platform !== undefined && target.startsWith('index')) {
    throw unreadable(whole, 'a platform for an index', 'an index is for all platforms: leave [PLATFORM] out')
  }
  return { target, platform: platform === undefined ? null : parsePlatform(platform) }
}

function unreadable(text: string, found: string, advice?: string): UsageError {
  return new UsageError({
    operation: 'read annotation',
    subject: JSON.stringify(text),
    expected: `[TYPE[PLATFORM],…:]KEY=VALUE with the types ${TARGETS.join(', ')}`,
    found,
    ...(advice !== undefined && { advice })
  })
}
