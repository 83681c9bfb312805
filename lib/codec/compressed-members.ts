/** What is compressed each on its own, one after another. */
export interface CompressedMembers {
  readonly bytes: Buffer
  /** Of each. */
  readonly lengths: readonly number[]
}

export function joinMembers(members: readonly Buffer[]): CompressedMembers {
  return { bytes: Buffer.concat(members), lengths: members.map(({ length }) => length) }
}
