import { pipeline } from 'node:stream/promises'
import { codecByName } from '../lib/codec/index.js'
import { createBudget } from '../lib/graph/context.js'
import type { TarBlock } from '../lib/tar/block.js'

/* node codecs-stream.js CODEC LEVEL <TAR >BLOB: one codec alone, as pigz and zstd are programs alone. */

const [name = 'gzip', level = '6'] = process.argv.slice(2)
const { stream } = codecByName(name).compress({ level: Number(level), budget: createBudget() })
await pipeline(process.stdin, toBlocks, stream, process.stdout)

async function* toBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarBlock> {
  for await (const bytes of chunks) yield { bytes, marks: [] }
}
