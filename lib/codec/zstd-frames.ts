import type { Budget } from '../graph/context.js'
import { lengthOf, type Pieces } from './cut.js'
import { withinBudget } from './within-budget.js'
import { compressFrame } from './zstd-library.js'
import { sealFrame } from './zstd-seal.js'
import { isShared, makeFrameInThread, makeFramesInThread } from './zstd-thread.js'

/*
 * zstd frames (RFC 8878) with checksums. Nobody may write to the pieces until a frame is done.
 *
 * The native library takes a quarter less time at low levels, and none less at high ones. It takes every input for one of
 * unknown length: it makes tables for the largest, anew for each frame, which costs more than what is won where the
 * contents are small, and 90 MB at a time where the level is high. There, frames are made by the library in WebAssembly.
 */

export interface FrameSettings {
  /** The library's, 1 to 22. */
  readonly level: number
  /** Whether what comes out of WebAssembly is lent: its reader gives it back. Default false. */
  readonly lends?: boolean
}

/** Up to here the native library's tables cost more than what WebAssembly is slower. Bytes that go out depend on it. */
const LARGEST_SMALL = 2 ** 17

/** From here on the tables are too large to be made for each frame. Bytes that go out depend on it, too. */
export const HIGH_LEVEL = 14

/** One frame of all pieces. Calls `onRead` if nobody looks at them any more before the frame is done. */
export async function compressZstdFrame(
  pieces: Pieces,
  settings: FrameSettings,
  onRead: () => void = () => {}
): Promise<Pieces> {
  if (isNative(pieces, settings)) return compressNatively(pieces, settings)
  const [first] = pieces
  if (pieces.length === 1 && first && isShared(first)) return [await makeFrameInThread(first, settings.level, onRead)]
  const { bytes } = await makeFramesInThread([pieces], settings)
  return [bytes]
}

/** One frame of all pieces, made within the budget. */
export function compressZstdFrameWithin(budget: Budget, pieces: Pieces, settings: FrameSettings): Promise<Pieces> {
  return withinBudget(budget, lengthOf(pieces), () => compressZstdFrame(pieces, settings))
}

function isNative(pieces: Pieces, { level }: FrameSettings): boolean {
  return level < HIGH_LEVEL && lengthOf(pieces) > LARGEST_SMALL
}

async function compressNatively(pieces: Pieces, { level }: FrameSettings): Promise<Pieces> {
  const [first] = pieces
  const contents = pieces.length === 1 && first ? first : Buffer.concat(pieces)
  return sealFrame(await compressFrame(contents, level), contents)
}
