import { type Duplex, PassThrough, type Readable } from 'node:stream'
import type { Digest } from '../blob/digest.js'
import { flow } from './flow.js'
import { shareLoan } from './loan.js'
import { createTee } from './tee.js'

/** What a reader says of itself. */
export interface ReaderOptions {
  /** Whether it gives back what it has read, so that it can be lent (see loan.ts). Default false. */
  readonly givesBack?: boolean
}

/** Starts reading something for a reader. */
export type Open = (reader?: ReaderOptions) => Readable

/**
 * The contents of an item, not read yet. Whoever gets a body calls exactly one of `open` and `discard`, once: in a
 * fan-out the other branches wait until everybody has.
 */
export interface Body {
  /** Starts reading. The stream has to be read to its end, or destroyed. */
  open(reader?: ReaderOptions): Readable
  /** Says that this body will not be read. */
  discard(): void
  /** Reads the same contents anew from their origin, where that is possible; can be called any number of times. */
  readonly again?: Open
  /** Whether others read the same pass in lockstep, so that being slow would slow them. */
  readonly shared: boolean
  /** Of its bytes, where whoever makes them knows it without reading them again. Settles once they have been read. */
  readonly digest?: Promise<Digest>
}

/** A body over `open`; with `again` where the origin can be read more than once. */
export function createBody(open: Open, options: { again?: Open; discard?: () => void } = {}): Body {
  return { open, discard: options.discard ?? (() => {}), shared: false, ...(options.again && { again: options.again }) }
}

/**
 * The body that comes out when `body` runs through the streams that `through` makes, made anew at each opening for
 * whoever reads the last. `first` is what the first of them says of itself as a reader. Where they can't be made, the
 * body is not opened, but discarded.
 */
export function mapBody(
  body: Body,
  through: (reader: ReaderOptions) => readonly Duplex[],
  first: ReaderOptions = {}
): Body {
  const { again } = body
  return {
    open: (reader = {}) => {
      const streams = orDiscard(body, () => through(reader))
      return chain(body.open(first), streams)
    },
    discard: () => body.discard(),
    shared: body.shared,
    ...(again && {
      again: (reader = {}) => {
        const streams = through(reader)
        return chain(again(first), streams)
      }
    })
  }
}

/** An open file that nobody reads would never be closed, and a fork that is not opened is waited for. */
function orDiscard<T>(body: Body, make: () => T): T {
  try {
    return make()
  } catch (error) {
    body.discard()
    throw error
  }
}

/**
 * Connects streams and gives the last; an error anywhere destroys all, so the last one's reader sees it. The signal is
 * for an input that may never go on, and whose reader, waiting for it, could not stop either.
 */
export function chain(input: Readable, through: readonly Duplex[], signal?: AbortSignal): Readable {
  const last = through.at(-1)
  if (last === undefined) return input
  flow([input, ...through], signal).catch(() => {})
  return last
}

/** `count` bodies that are read in lockstep from one pass over `body`. */
export function forkBody(body: Body, count: number): readonly Body[] {
  const branches: (Branch | null)[] = []
  const settle = (branch: Branch | null): void => {
    branches.push(branch)
    if (branches.length === count)
      start(
        body,
        branches.filter((each) => each !== null)
      )
  }
  return Array.from({ length: count }, () => forkOf(body, settle))
}

interface Branch {
  readonly stream: PassThrough
  readonly reader: ReaderOptions
}

function forkOf(body: Body, settle: (branch: Branch | null) => void): Body {
  let branch: Branch | null | undefined
  return {
    open: (reader = {}) => {
      const stream = new PassThrough({ objectMode: true, highWaterMark: 1 })
      branch = { stream, reader }
      settle(branch)
      return stream
    },
    discard: () => {
      if (branch !== undefined) return void branch?.stream.destroy()
      branch = null
      settle(branch)
    },
    shared: true,
    ...(body.again && { again: body.again }),
    ...(body.digest && { digest: body.digest })
  }
}

/** One reader that gives nothing back is enough for nothing to be lent. */
function start(body: Body, branches: readonly Branch[]): void {
  if (branches.length === 0) return body.discard()
  const givesBack = branches.every(({ reader }) => reader.givesBack === true)
  const tee = createTee<object>(
    branches.map(({ stream }) => stream),
    (item) => {
      if (givesBack) shareLoan(item, branches.length)
      return branches.map(() => item)
    }
  )
  flow([body.open({ givesBack }), tee]).catch(() => {})
}
