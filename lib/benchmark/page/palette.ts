import type { CodecName } from '../../codec/index.js'

/** The page's colour and the mark of each codec: never told by colour alone. */
export const CODEC_LOOKS: Readonly<Record<CodecName, { readonly color: string; readonly shape: string }>> = {
  uncompressed: { color: 'var(--series-6)', shape: 'cross' },
  gzip: { color: 'var(--series-1)', shape: 'circle' },
  estargz: { color: 'var(--series-3)', shape: 'square' },
  zstd: { color: 'var(--series-2)', shape: 'triangle-up' },
  'zstd:chunked': { color: 'var(--series-4)', shape: 'diamond' }
}

const SERIES = 8

/** The page's colour for the thing with that index among others that are no codecs. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % SERIES) + 1})`
}
