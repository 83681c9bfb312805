import { formatPlatform, parsePlatform } from '../image/platform.js'
import type { AnnotationTarget, AnnotationValue } from './option.js'

/** What annotations can be on, as in BuildKit's exporter/containerimage/exptypes/annotations.go. */
export const ANNOTATION_TARGETS: readonly AnnotationTarget[] = [
  'manifest',
  'index',
  'manifest-descriptor',
  'index-descriptor'
]

/** The keys of the annotation family, for help and suggestions. */
export const ANNOTATION_KEYS: readonly string[] = [
  'annotation',
  ...ANNOTATION_TARGETS.map((target) => `annotation-${target}`)
]

/** Whether a key is meant to be of the annotation family, well-formed or not. */
export function isAnnotationKey(key: string): boolean {
  return /^annotation(?:-[a-z-]*)?(?:\[[^\]]*\])?\./i.test(key)
}

/** Reads `annotation[-target][[os/arch]].key`; null where that is not what it is. An index is for all platforms. */
export function parseAnnotation(key: string, value: string): AnnotationValue | null {
  const { target: text = 'manifest', platform, name } = ANNOTATION.exec(key)?.groups ?? {}
  const target = ANNOTATION_TARGETS.find((each) => each === text)
  if (name === undefined || target === undefined) return null
  if (platform === undefined) return { target, platform: null, key: name, value }
  if (target.startsWith('index')) return null
  return { target, platform: formatPlatform(parsePlatform(platform)), key: name, value }
}

const ANNOTATION = /^annotation(?:-(?<target>[a-z-]+))?(?:\[(?<platform>[A-Za-z0-9_/.-]+)\])?\.(?<name>\S+)$/
