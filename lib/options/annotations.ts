import { formatPlatform, parsePlatform } from '../image/platform.js'
import type { AnnotationTarget, AnnotationValue } from './option.js'

/** The keys of the annotation family, for help and suggestions. */
export const ANNOTATION_KEYS: readonly string[] = [
  'annotation',
  'annotation-manifest',
  'annotation-index',
  'annotation-manifest-descriptor',
  'annotation-index-descriptor'
]

/** Whether a key is meant to be of the annotation family, well-formed or not. */
export function isAnnotationKey(key: string): boolean {
  return /^annotation(?:-[a-z-]*)?(?:\[[^\]]*\])?\./i.test(key)
}

/** Reads `annotation[-target][[os/arch]].key`; null where that is not what it is. An index is for all platforms. */
export function parseAnnotation(key: string, value: string): AnnotationValue | null {
  const { target, platform, name } = ANNOTATION.exec(key)?.groups ?? {}
  if (name === undefined) return null
  if (platform === undefined) return { target: targetOf(target), platform: null, key: name, value }
  if (target?.startsWith('index')) return null
  return { target: targetOf(target), platform: formatPlatform(parsePlatform(platform)), key: name, value }
}

function targetOf(text: string | undefined): AnnotationTarget {
  return text === 'index' || text === 'manifest-descriptor' || text === 'index-descriptor' ? text : 'manifest'
}

/** As in BuildKit's exporter/containerimage/exptypes/annotations.go. */
const ANNOTATION =
  /^annotation(?:-(?<target>manifest|index|manifest-descriptor|index-descriptor))?(?:\[(?<platform>[A-Za-z0-9_/.-]+)\])?\.(?<name>\S+)$/
