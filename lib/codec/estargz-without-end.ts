import { giveBack, lend } from '../streams/loan.js'
import type { TarBlock } from '../tar/block.js'
import { BLOCK_SIZE, paddingOf } from '../tar/header.js'

/**
 * The blocks of a tar without the zeros at its end, so that another entry can follow; the last padding is added where
 * it lacks that. Zeros behind an entry are held back, counted, until more comes: some tars have entries behind them
 * that no mark tells of, such as the root.
 */
export async function* withoutEnd(blocks: AsyncIterable<TarBlock>): AsyncGenerator<TarBlock> {
  let at = 0
  let entriesEnd = 0
  let held = 0
  for await (const block of blocks) {
    const { bytes, marks } = block
    for (const { body, entry } of marks) entriesEnd = body + entry.size + paddingOf(entry.size)
    const kept = Math.max(Math.min(entriesEnd - at, bytes.length), contentLength(bytes, at))
    if (kept > 0) {
      yield* zeros(held)
      yield lend({ bytes: bytes.subarray(0, kept), marks }, () => giveBack(block))
      held = 0
    } else giveBack(block)
    held += bytes.length - Math.max(kept, 0)
    at += bytes.length
  }
  yield* zeros(entriesEnd - at)
}

/** The length up to the last byte that is not zero, with the rest of its tar block; `at` is where the bytes begin. */
function contentLength(bytes: Buffer, at: number): number {
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 0) length -= 1
  return length === 0 ? 0 : Math.min(length + ((BLOCK_SIZE - ((at + length) % BLOCK_SIZE)) % BLOCK_SIZE), bytes.length)
}

function* zeros(length: number): Generator<TarBlock> {
  for (let left = length; left > 0; left -= ZEROS.length) yield { bytes: ZEROS.subarray(0, left), marks: [] }
}

const ZEROS = Buffer.alloc(2 ** 16)
