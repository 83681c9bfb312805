import { type Duplex, PassThrough, type Readable } from 'node:stream'
import { flow } from './flow.js'
import { createTee } from './tee.js'

/**
 * The contents of an item, not read yet. Whoever gets a body calls exactly one of `open` and `discard`, once: in a
 * fan-out the other branches wait until everybody has.
 */
export interface Body {
  /** Starts reading. The stream has to be read to its end, or destroyed. */
  open(): Readable
  /** Says that this body will not be read. */
  discard(): void
  /** Reads the same contents anew from their origin, where that is possible; can be called any number of times. */
  readonly again?: () => Readable
  /** Whether others read the same pass in lockstep, so that being slow would slow them. */
  readonly shared: boolean
}

/** A body over `open`; with `again` where the origin can be read more than once. */
export function createBody(open: () => Readable, options: { again?: () => Readable; discard?: () => void } = {}): Body {
  return { open, discard: options.discard ?? (() => {}), shared: false, ...(options.again && { again: options.again }) }
}

/** The body that comes out when `body` runs through the streams that `through` makes, made anew at each opening. */
export function mapBody(body: Body, through: () => readonly Duplex[]): Body {
  const { again } = body
  const join = (input: Readable): Readable => chain(input, through())
  return {
    open: () => join(body.open()),
    discard: () => body.discard(),
    shared: body.shared,
    ...(again && { again: () => join(again()) })
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
  const branches: (PassThrough | null)[] = []
  const settle = (branch: PassThrough | null): void => {
    branches.push(branch)
    if (branches.length === count)
      start(
        body,
        branches.filter((each) => each !== null)
      )
  }
  return Array.from({ length: count }, () => forkOf(body, settle))
}

function forkOf(body: Body, settle: (branch: PassThrough | null) => void): Body {
  let branch: PassThrough | null | undefined
  return {
    open: () => {
      branch = new PassThrough({ objectMode: true, highWaterMark: 1 })
      settle(branch)
      return branch
    },
    discard: () => {
      if (branch !== undefined) return void branch?.destroy()
      branch = null
      settle(branch)
    },
    shared: true,
    ...(body.again && { again: body.again })
  }
}

function start(body: Body, branches: readonly PassThrough[]): void {
  if (branches.length === 0) body.discard()
  else flow([body.open(), createTee(branches)]).catch(() => {})
}
