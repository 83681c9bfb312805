import type { Budget } from '../graph/context.js'
import { type CompressedMembers, joinMembers } from './compressed-members.js'
import { lengthOf, type Pieces } from './cut.js'
import { compressSmallFrames, LARGEST_SMALL } from './small-frames.js'
import { withinBudget } from './within-budget.js'
import { compressFrame } from './zstd-library.js'
import { sealFrame } from './zstd-seal.js'

/*
 * zstd frames (RFC 8878) with checksums. `level` is the library's, 1 to 22. Nobody may write to the pieces until a
 * frame is done.
 */

/** One frame of all pieces. */
export async function compressZstdFrame(pieces: Pieces, level: number): Promise<Buffer> {
  const [first] = pieces
  const contents = pieces.length === 1 && first ? first : Buffer.concat(pieces)
  return sealFrame(await compressFrame(contents, level), contents)
}

/** One frame of all pieces, made within the budget. */
export function compressZstdFrameWithin(budget: Budget, pieces: Pieces, level: number): Promise<Buffer> {
  return withinBudget(budget, lengthOf(pieces), () => compressZstdFrame(pieces, level))
}

/** A frame of each: the large ones as many at a time as the library's threads take. */
export async function compressZstdFrames(members: readonly Pieces[], level: number): Promise<CompressedMembers> {
  const small = compressSmallFrames(members.filter(isSmall), level)
  if (members.every(isSmall)) return small
  const large = Promise.all(members.map((member) => (isSmall(member) ? null : compressZstdFrame(member, level))))
  const frames = framesOf(await small)
  return joinMembers((await large).flatMap((frame) => frame ?? frames.next().value ?? []))
}

function isSmall(member: Pieces): boolean {
  return lengthOf(member) <= LARGEST_SMALL
}

function* framesOf({ bytes, lengths }: CompressedMembers): Generator<Buffer> {
  let offset = 0
  for (const length of lengths) {
    yield bytes.subarray(offset, offset + length)
    offset += length
  }
}
