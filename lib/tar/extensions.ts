import type { ByteString } from '../streams/bytes.js'
import type { TarHeader } from './decode.js'
import { decodeLongName, type Extended, extendedOf, globalOf } from './extended.js'
import { paddingOf } from './header.js'
import { DAMAGED, Malformed, REFUSED } from './malformed.js'
import { decodePax } from './pax-decode.js'

/** Collects what extended headers say until the entry comes that they are about. Throws Malformed. */
export interface Extensions {
  /** The name that they give, if they give one. */
  readonly path: ByteString | null
  /** Begins with an extended header; gives how many bytes behind it belong to it, padding included. */
  begin(header: TarHeader): number
  /** Takes those bytes. */
  add(padded: Buffer): void
  /** What is known of the entry at hand; the next one begins anew. */
  take(): Extended
  /** Says that no entry comes any more. */
  end(): void
}

export function isExtension(flag: string): boolean {
  return KINDS.includes(flag)
}

export function createExtensions(): Extensions {
  let global: Extended = {}
  let own: Extended = {}
  let kinds = ''
  let kind = ''
  let length = 0
  return {
    get path() {
      return own.path ?? null
    },
    begin({ flag, size }) {
      verifySize(size)
      if (kinds.includes(flag)) throw repeated('extended header of a kind')
      if (flag !== 'g') kinds += flag
      kind = flag
      length = size
      return size + paddingOf(size)
    },
    add(padded) {
      const body = padded.subarray(0, length)
      if (kind === 'g') global = { ...global, ...globalOf(decodePax(body)) }
      else own = merge(own, decode(kind, body))
    },
    take() {
      const extended = kinds === '' ? global : { ...global, ...own }
      own = {}
      kinds = ''
      return extended
    },
    end() {
      if (kinds === '') return
      throw new Malformed({ expected: 'an entry behind its extended header', found: 'the end', advice: DAMAGED })
    }
  }
}

function decode(kind: string, body: Buffer): Extended {
  if (kind === 'x') return extendedOf(decodePax(body))
  return kind === 'L' ? { path: decodeLongName(body) } : { link: decodeLongName(body) }
}

/** A name that both a GNU and a PAX header give would be read differently by different programs. */
function merge(own: Extended, more: Extended): Extended {
  const twice = Object.keys(more).find((field) => field in own)
  if (twice !== undefined) throw repeated(twice)
  return { ...own, ...more }
}

function verifySize(size: number): void {
  if (size >= 0 && size <= LARGEST) return
  throw new Malformed({ expected: 'an extended header of at most 1 MiB', found: `${size} bytes`, advice: REFUSED })
}

function repeated(what: string): Malformed {
  return new Malformed({ expected: `one ${what} for an entry`, found: 'two', advice: REFUSED })
}

/** PAX for one entry and for all, GNU long name and long link target. */
const KINDS = ['x', 'g', 'L', 'K']
/** Held in memory; paths are at most 4096 bytes and all attributes of a file 64 KiB, so this is ample. */
const LARGEST = 2 ** 20
