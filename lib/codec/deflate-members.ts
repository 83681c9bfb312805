import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gzipMember } from './gzip-member.js'
import { createDeflater, type Deflater } from './libdeflate.js'

let loaded: Deflater | undefined

/** Each thread has its own, from its first member on: many make none. */
function deflater(): Deflater {
  loaded ??= createDeflater()
  return loaded
}

/** Makes the gzip members that are asked for: work for a worker thread. The checksum is Node's, which is faster. */
export function makeMembers({ input, lengths, level, engineLevel }: DeflateRequest): DeflateReply {
  let offset = 0
  const members = lengths.map((length) => {
    const contents = new Uint8Array(input, offset, length)
    offset += length
    return gzipMember(level, contents, [deflater().deflate(contents, engineLevel)]).buffer
  })
  return { input, output: join(members), lengths: members.map(({ byteLength }) => byteLength) }
}

/** One memory to hand over: thousands of small ones would cost as much as to compress them. */
function join(members: readonly ArrayBufferLike[]): ArrayBufferLike {
  const [only] = members
  if (members.length === 1 && only) return only
  const joined = new Uint8Array(members.reduce((total, { byteLength }) => total + byteLength, 0))
  let offset = 0
  for (const member of members) {
    joined.set(new Uint8Array(member), offset)
    offset += member.byteLength
  }
  return joined.buffer
}
