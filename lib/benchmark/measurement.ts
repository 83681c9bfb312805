import type { Setting } from './setting.js'

/** What a process that measures is asked for. */
export interface MeasureRequest {
  readonly setting: Setting
  readonly layers: readonly MeasuredLayer[]
  /** A short one to run first, uncounted: threads start with it, and code gets hot. */
  readonly warmUp: MeasuredLayer
}

export interface MeasuredLayer {
  /** The file of a layer tar. */
  readonly tar: string
  /** A file to be made and used for what comes out. */
  readonly output: string
}

export type MeasureReply =
  | { readonly ok: true; readonly measurement: Measurement }
  | { readonly ok: false; readonly message: string }

/** What one setting came to on some layer tars. */
export interface Measurement {
  readonly setting: Setting
  /** Bytes, compressed. */
  readonly size: number
  readonly compression: Effort
  readonly decompression: Effort
  /** Bytes that the process which compressed held at the most, Node.js with its own included. */
  readonly peakMemory: number
}

/** What a piece of work took. */
export interface Effort {
  /** By the clock. */
  readonly seconds: number
  /** Of all threads together. */
  readonly cpuSeconds: number
}
