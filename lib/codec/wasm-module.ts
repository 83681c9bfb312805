import { readFileSync } from 'node:fs'

/** As much of it as is used: Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/**
 * Starts a WebAssembly module that imports nothing, and gives what it exports, which is taken on trust to be a `Library`.
 * Addresses are offsets into its memory, whose buffer is another one after it has grown. Each start has a memory of its own.
 */
export function startModule<Library>(file: URL): Library {
  const module = compiled.get(file.href) ?? new WebAssembly.Module(readFileSync(file))
  compiled.set(file.href, module)
  return new WebAssembly.Instance(module).exports as Library
}

/** By their addresses: what has run for a while is faster code, for those that are started later, too. */
const compiled = new Map<string, object>()

/** Where a module's input and output lie in its memory. */
export interface Room {
  /** Bytes of input that there is room for. */
  readonly capacity: number
  readonly input: number
  readonly output: number
  /** Enough for any input of `capacity`. */
  readonly outputLength: number
}

export interface RoomMaker {
  /** Bytes of input that there is room for at least. */
  readonly smallest: number
  /** Gives the address of so many bytes. */
  readonly allocate: (length: number) => number
  /** The most bytes that so many can be compressed to. */
  readonly boundOf: (length: number) => number
}

/** Room for `length` bytes of input and more, so that it need not be made anew for each that is a little longer. */
export function makeRoom(length: number, { smallest, allocate, boundOf }: RoomMaker): Room {
  const capacity = Math.max(smallest, 2 ** Math.ceil(Math.log2(length)))
  const outputLength = boundOf(capacity)
  const input = allocate(capacity)
  return { capacity, input, output: allocate(outputLength), outputLength }
}
