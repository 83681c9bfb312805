import type { ImageSurvey, SurveyedEntry } from '../../stages/survey.js'
import type { ByteString } from '../../streams/bytes.js'

/** Bytes that an image carries and its file system does not show: a later layer replaced or deleted them. */
export interface WastedPath {
  readonly path: ByteString
  readonly bytes: number
  readonly why: 'replaced' | 'deleted'
  /** Counted from 0, the lowest. */
  readonly layer: number
}

/** One content under several paths. */
export interface DuplicateContent {
  readonly paths: readonly ByteString[]
  /** Of one of them. */
  readonly size: number
}

/** What later layers hid of earlier ones, largest first. */
export function findWaste({ layers }: ImageSurvey): readonly WastedPath[] {
  const shown = new Map<ByteString, { readonly bytes: number; readonly layer: number }>()
  const wasted: WastedPath[] = []
  const hide = (path: ByteString, why: WastedPath['why']): void => {
    const hidden = shown.get(path)
    if (hidden && hidden.bytes > 0) wasted.push({ path, why, ...hidden })
    shown.delete(path)
  }
  const hideBelow = (path: ByteString, layer: number): void => {
    const prefix = path === '' ? '' : `${path}/`
    for (const [each, held] of shown) if (held.layer < layer && each.startsWith(prefix)) hide(each, 'deleted')
  }
  layers.forEach(({ entries }, layer) => {
    for (const { entry } of entries) {
      if (entry.type === 'whiteout') hide(entry.path, 'deleted')
      if (entry.type === 'whiteout' || entry.type === 'opaque') hideBelow(entry.path, layer)
    }
    for (const { entry } of entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque') continue
      hide(entry.path, 'replaced')
      if (entry.type !== 'directory') shown.set(entry.path, { bytes: entry.size, layer })
    }
  })
  return wasted.sort((a, b) => b.bytes - a.bytes)
}

/** Contents that stand under several paths of an image, those that cost most first. */
export function findDuplicates({ layers }: ImageSurvey): readonly DuplicateContent[] {
  const byContent = new Map<string, SurveyedEntry[]>()
  for (const surveyed of layers.flatMap(({ entries }) => entries)) {
    if (surveyed.content === null) continue
    const same = byContent.get(surveyed.content)
    if (same) same.push(surveyed)
    else byContent.set(surveyed.content, [surveyed])
  }
  return [...byContent.values()]
    .map((same) => ({ paths: [...new Set(same.map(({ entry }) => entry.path))], size: same[0]?.entry.size ?? 0 }))
    .filter(({ paths }) => paths.length > 1)
    .sort((a, b) => b.size * (b.paths.length - 1) - a.size * (a.paths.length - 1))
}
