declare module 'peek-stream' {
  import type { Duplex } from 'node:stream'
  import type { ForeignDuplex } from '../streams/adopt.js'

  export type Peek = (
    options: { readonly newline: boolean; readonly maxBuffer: number },
    choose: (head: Buffer, swap: (error: Error | null, stream: Duplex) => void) => void
  ) => ForeignDuplex
}
