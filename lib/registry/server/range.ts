import type { ByteRange } from '../../blob/blob.js'

/**
 * The span that a `Range` header asks for (RFC 9110, 14.2): null for all of it, also where the header is malformed or
 * names several spans, which a server may ignore; 'unsatisfiable' where it lies beyond the end.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  if (first === '')
    return last === '0' || size === 0 ? 'unsatisfiable' : spanFrom(Math.max(0, size - Number(last)), size)
  const start = Number(first)
  if (last !== '' && Number(last) < start) return null
  if (start >= size) return 'unsatisfiable'
  return spanFrom(start, last === '' ? size : Math.min(size, Number(last) + 1))
}

function spanFrom(start: number, end: number): ByteRange {
  return { start, end }
}

/** The `start-end` of an upload's chunk, end inclusive (distribution-spec, "Pushing a blob in chunks"). */
export function parseContentRange(header: string): { readonly start: number; readonly length: number } | null {
  const [, first, last] = /^(?:bytes )?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header) ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) return null
  return { start: Number(first), length: Number(last) - Number(first) + 1 }
}
