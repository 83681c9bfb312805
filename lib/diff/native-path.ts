import { type ByteString, bufferOf, isAscii } from '../streams/bytes.js'

/** A path of this machine, as Node's functions take it: a Buffer where it is not plain ASCII. */
export function nativePath(path: ByteString): string | Buffer {
  return isAscii(path) ? path : bufferOf(path)
}
