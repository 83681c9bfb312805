import { type CodecName, codecByName } from '../codec/index.js'
import { checkLevel } from '../codec/level.js'

/** A way to compress layers: what `compression` and `compression-level` say in an output. A type: it is plain data. */
export type Setting = {
  readonly codec: CodecName
  /** Null where the codec has none. */
  readonly level: number | null
}

/** As it is written: "gzip:6", "uncompressed". */
export function formatSetting({ codec, level }: Setting): string {
  return level === null ? codec : `${codec}:${level}`
}

/** The keys that ask for it, in any output of images: "compression=gzip,compression-level=6". */
export function outputKeysOf({ codec, level }: Setting): string {
  return level === null ? `compression=${codec}` : `compression=${codec},compression-level=${level}`
}

/**
 * With the codec's own level where none is given.
 *
 * @throws UsageError that names the codecs, or the levels that the codec has
 */
export function resolveSetting({ codec, level }: Setting): Setting {
  const known = codecByName(codec)
  if (level !== null) checkLevel(known, level)
  return { codec, level: level ?? known.levels?.default ?? null }
}
