import { lengthOf, type Pieces } from './cut.js'

/** What is compressed each on its own, one after another. */
export interface CompressedMembers {
  readonly bytes: Buffer
  /** Of each. */
  readonly lengths: readonly number[]
}

export function joinMembers(members: readonly Pieces[]): CompressedMembers {
  return { bytes: Buffer.concat(members.flat()), lengths: members.map(lengthOf) }
}
