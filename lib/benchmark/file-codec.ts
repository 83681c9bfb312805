import { createReadStream, createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { decompress } from '../codec/decompress.js'
import { codecByName } from '../codec/index.js'
import { createBudget } from '../graph/context.js'
import { countBytes } from '../streams/count.js'
import { flow } from '../streams/flow.js'
import { splitTar } from '../tar/split.js'
import type { Setting } from './setting.js'

const CHUNK = 2 ** 20

/** As a run has it: all compressions of a process share it. */
const budget = createBudget()

/** Compresses the layer tar in one file into another. Gives the bytes of the result. */
export async function compressFile(tar: string, output: string, { codec, level }: Setting): Promise<number> {
  const file = createWriteStream(output)
  const { stream } = codecByName(codec).compress({ level: level ?? 0, budget })
  await flow([createReadStream(tar, { highWaterMark: CHUNK }), splitTar(tar, { verified: true }), stream, file])
  return file.bytesWritten
}

/** Decompresses a file, and drops what comes out. Gives its bytes. */
export async function decompressFile(file: string, { codec }: Setting): Promise<number> {
  let size = 0
  const count = countBytes((bytes) => (size += bytes))
  const input = createReadStream(file, { highWaterMark: CHUNK })
  await flow([input, decompress(codecByName(codec).format, file), count, drain()])
  return size
}

function drain(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
