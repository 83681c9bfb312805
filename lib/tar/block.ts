import type { Entry } from '../diff/entry.js'

/** Where an entry stands in a layer tar. Offsets are bytes from the start of the uncompressed layer. */
export interface TarMark {
  readonly entry: Entry
  /** Of the first header, PAX records included. */
  readonly header: number
  /** Of the first byte of the body; `entry.size` bytes follow, then padding to 512. */
  readonly body: number
  /** Whether the headers are known to be `encodeEntry(entry)`, because whoever packed them made them so. */
  readonly encoded: boolean
}

/**
 * A run of consecutive bytes of a layer tar, with the entries whose `header` lies in it.
 *
 * About 1 MiB each; where they are cut has no meaning, and no bytes that go out may depend on it.
 */
export interface TarBlock {
  readonly bytes: Buffer
  readonly marks: readonly TarMark[]
}
