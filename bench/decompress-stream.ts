import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { decompressAny } from '../lib/codec/decompress.js'

/* node decompress-stream.js <BLOB: reads a blob as a layer's is read, and drops what comes out. */

const drain = new Writable({ write: (_chunk, _encoding, done) => done() })
await pipeline(process.stdin, decompressAny('standard input'), drain)
