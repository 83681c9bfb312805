import { type CodecName, codecs } from '../codec/index.js'
import type { Setting } from './setting.js'

/** Levels that people choose, far enough apart to differ; null is the codec's own. */
const LEVELS: Readonly<Record<CodecName, readonly (number | null)[]>> = {
  uncompressed: [],
  gzip: [1, 3, 6, 9],
  estargz: [null],
  zstd: [1, 3, 6, 9, 12, 19],
  'zstd:chunked': [null]
}

/** What is tried where nothing is said: a few levels of every codec that compresses. */
export function defaultSettings(): readonly Setting[] {
  return codecs.flatMap(({ name }) => LEVELS[name].map((level) => ({ codec: name, level })))
}
