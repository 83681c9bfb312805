import { type Channel, channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { debuglog } from 'node:util'

/*
 * Every moment of a run's life is published on a diagnostics channel; progress, reports and debug output subscribe.
 * Nothing is built when nobody listens.
 */

/** A stage was opened, ended, or failed. */
export interface StageEvent {
  readonly run: string
  /** The node's key. */
  readonly key: string
  readonly operation: string
  readonly event: 'open' | 'end' | 'error'
  readonly error?: unknown
}

/** A stage moved bytes. */
export interface ProgressEvent {
  readonly run: string
  readonly key: string
  readonly operation: string
  readonly bytes: number
  readonly total?: number
}

/** A named part of a stage's work began, or ended: "exporting layers", "sending tarball". */
export interface PartEvent {
  readonly run: string
  readonly key: string
  readonly operation: string
  /** Tells the parts of a stage apart, which may have one name. */
  readonly id: number
  readonly name: string
  readonly event: 'begin' | PartOutcome
}

/** `cached` where there was nothing to do. */
export type PartOutcome = 'done' | 'cached'

/** Something worth knowing that is not an error. */
export interface NoteEvent {
  readonly run: string
  readonly key: string
  readonly operation: string
  readonly message: string
}

export const stageChannel = channel('layerpipe:stage')
export const progressChannel = channel('layerpipe:progress')
export const partChannel = channel('layerpipe:part')
export const noteChannel = channel('layerpipe:note')

/** Calls `act` with what is published on one of the channels above, until the returned function is called. */
export function listen<T>({ name }: Channel, act: (event: T) => void): () => void {
  const listener = (event: unknown): void => act(event as T)
  subscribe(name, listener)
  return () => unsubscribe(name, listener)
}

const debug = debuglog('layerpipe')

/** Prints stages and notes on stderr when the environment has `NODE_DEBUG=layerpipe`. */
export function debugToStderr(): void {
  if (!debug.enabled) return
  for (const name of [stageChannel.name, noteChannel.name]) subscribe(name, (event) => debug('%s %j', name, event))
}
