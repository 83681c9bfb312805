declare module 'mississippi' {
  import type { ForeignDuplex } from './adopt.js'

  export function parallel<I, O>(
    width: number,
    options: { readonly highWaterMark: number; readonly objectMode: boolean },
    work: (item: I, done: (error: unknown, result?: O) => void) => void
  ): ForeignDuplex
}
