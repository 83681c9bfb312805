declare module 'mississippi' {
  import type { ForeignDuplex } from './adopt.js'

  interface Mississippi {
    parallel<I, O>(
      width: number,
      options: { readonly highWaterMark: number; readonly objectMode: boolean },
      work: (item: I, done: (error: unknown, result?: O) => void) => void
    ): ForeignDuplex
  }
  const mississippi: Mississippi
  export default mississippi
}
