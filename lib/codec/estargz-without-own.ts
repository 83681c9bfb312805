import type { ByteString } from '../streams/bytes.js'
import type { TarBlock, TarMark } from '../tar/block.js'
import { paddingOf } from '../tar/header.js'

/** The blocks of a tar without some entries, which estargz has added to it before and is about to add again. */
export async function* withoutOwn(
  blocks: AsyncIterable<TarBlock>,
  own: ReadonlySet<ByteString>
): AsyncGenerator<TarBlock> {
  let at = 0
  let taken = 0
  let dropped = 0
  for await (const { bytes, marks } of blocks) {
    const pieceUntil = (end: number): TarBlock => {
      const inside = marks.filter(({ header }) => header >= taken && header < end)
      const piece = { bytes: bytes.subarray(taken - at, end - at), marks: inside.map((mark) => moved(mark, dropped)) }
      taken = end
      return piece
    }
    for (const { entry, header, body } of marks) {
      if (!own.has(entry.path)) continue
      if (header > taken) yield pieceUntil(header)
      taken = body + entry.size + paddingOf(entry.size)
      dropped += taken - header
    }
    const end = at + bytes.length
    if (end > taken) yield pieceUntil(end)
    at = end
  }
}

function moved({ header, body, ...rest }: TarMark, distance: number): TarMark {
  return { ...rest, header: header - distance, body: body - distance }
}
