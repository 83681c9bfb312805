import { createEntry } from '../diff/entry.js'
import { END_OF_TAR, encodeEntry } from '../tar/encode.js'
import { paddingOf } from '../tar/header.js'
import { lengthOf, type Pieces } from './cut.js'
import { TOC_NAME } from './estargz-names.js'

/** The table of contents as the last entry of the layer's tar, with the end of the tar. */
export function tocTar(toc: Pieces): Pieces {
  const size = lengthOf(toc)
  const header = encodeEntry(createEntry({ path: TOC_NAME, type: 'file', size }))
  return [header, ...toc, END_OF_TAR.subarray(0, paddingOf(size)), END_OF_TAR]
}

/**
 * The footer: an empty gzip member of 51 bytes whose extra field says where the table of contents begins
 * (docs/estargz.md, "Footer").
 */
export function estargzFooter(tocOffset: number): Buffer {
  const field = `${tocOffset.toString(16).padStart(16, '0')}STARGZ`
  const subfieldLength = Buffer.from([field.length, 0])
  const extraLength = Buffer.from([field.length + 4, 0])
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 0x08, HAS_EXTRA, 0, 0, 0, 0, 0, 0xff]),
    extraLength,
    Buffer.from('SG'),
    subfieldLength,
    Buffer.from(field),
    EMPTY_STORED_BLOCK,
    Buffer.alloc(8) // the checksum and the length of nothing
  ])
}

/** RFC 1952, section 2.3.1: FLG.FEXTRA. */
const HAS_EXTRA = 4

/** RFC 1951, section 3.2.4: the last block, stored, of no bytes. */
const EMPTY_STORED_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff])
