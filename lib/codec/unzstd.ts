import { type Duplex, Readable } from 'node:stream'
import { InputError, LayerpipeError, messageOf } from '../errors.js'
import { chain } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { parallel } from '../streams/parallel.js'
import type { DecompressOptions } from './decompress.js'
import { guardExpansion } from './expansion.js'
import { GET_AGAIN } from './get-again.js'
import type { FrameHeader } from './zstd-format.js'
import { decompressFrame } from './zstd-library.js'
import { type FrameInput, type FramePart, readFrames } from './zstd-reader.js'
import { createFrameStreamer } from './zstd-stream.js'

/** Frames that may decompress to more than this are streamed; the others are decompressed whole, two at a time. */
const WHOLE_FRAME = 2 ** 24

const FRAMES_AT_A_TIME = 2

/**
 * Blocks seldom are as long as their headers let expect, at high levels above all: a frame that says that it is shorter
 * is believed up to here. A lie takes no more memory than this, and is an error.
 */
const BELIEVED = 3 * WHOLE_FRAME

/** A piece of the output: still a compressed frame, or plain. */
type Part = { readonly frame: Buffer } | { readonly plain: Buffer }

/** Decompresses zstd frames, one after another, whoever made them. What follows the last is refused. */
export function unzstd(subject: string, options: DecompressOptions): Duplex {
  return generate<Buffer, Buffer>(async function* (input) {
    const guard = guardExpansion(subject, options.limit)
    const parts = partsOf(readFrames(guard.count(input), subject))
    const output = chain(Readable.from(parts, { highWaterMark: 1 }), [parallel(FRAMES_AT_A_TIME, decompressPart)])
    try {
      for await (const bytes of guard.check(output)) yield* piecesOf(bytes)
    } catch (error) {
      throw error instanceof LayerpipeError ? error : damaged(error, subject)
    }
  })
}

/** Whoever is behind this may hold a number of pieces, as what looks at the first bytes holds 16: none is large. */
function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += LARGEST_PIECE) yield bytes.subarray(at, at + LARGEST_PIECE)
}

/** Bytes. */
const LARGEST_PIECE = 2 ** 18

async function* partsOf(frames: AsyncIterable<FrameInput>): AsyncGenerator<Part> {
  const streamFrame = createFrameStreamer()
  for await (const frame of frames) {
    const parts = frame.parts[Symbol.asyncIterator]()
    const { whole, first } = await collect(parts, mostOf(frame.header))
    if (whole) yield { frame: Buffer.concat(first) }
    else for await (const plain of streamFrame(frame.header, resume(first, parts))) yield { plain }
  }
}

/** How long the frame may be by its blocks' headers to be decompressed whole. */
function mostOf({ contentSize }: FrameHeader): number {
  return contentSize !== null && contentSize <= WHOLE_FRAME ? BELIEVED : WHOLE_FRAME
}

/** The frame's first parts: all of them, unless they may decompress to more than `most`. */
async function collect(parts: AsyncIterator<FramePart>, most: number): Promise<{ whole: boolean; first: Buffer[] }> {
  const first: Buffer[] = []
  for (let expandsTo = 0; expandsTo <= most; ) {
    const next = await parts.next()
    if (next.done) return { whole: true, first }
    first.push(next.value.bytes)
    expandsTo += Math.max(next.value.expandsTo, next.value.bytes.length)
  }
  return { whole: false, first }
}

async function* resume(first: readonly Buffer[], parts: AsyncIterator<FramePart>): AsyncGenerator<Buffer> {
  yield* first
  for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value.bytes
}

async function decompressPart(part: Part): Promise<Buffer> {
  return 'frame' in part ? decompressFrame(part.frame) : part.plain
}

function damaged(cause: unknown, subject: string): InputError {
  const contrast = { expected: 'a whole, undamaged frame', found: messageOf(cause), advice: GET_AGAIN }
  return new InputError({ operation: 'decompress zstd', subject, ...contrast, cause })
}
