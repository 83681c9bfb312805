import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { nativePath } from '../diff/read-header.js'
import { readNames } from '../diff/read-names.js'
import { settledAt } from '../diff/settled-identity.js'
import { type ByteString, isAscii } from '../streams/bytes.js'

/** What the file system says of what lies in some directories, but not below. */
export interface ContextState {
  /** Another one whenever anything in them could be another: no file was read for it. */
  readonly digest: string
  /**
   * From when on, in milliseconds since 1970, another change could be told from the last. The directories, the root too,
   * count themselves here: of a name that goes, nothing else tells when it went.
   */
  readonly settledAt: number
}

/** Changes when equal digests could come to stand for other states. */
const VERSION = 2

/** Numbers that are kept of each name; whatever else a header says, it does not change without the last of them. */
const FIELDS = 5

/**
 * The state of directories below `root`, which costs one system call for each name in them. Null where one is missing or
 * can't be read. Times are in floating point, a quarter of a microsecond at the finest: many times finer than what tells
 * changes apart.
 */
export function readContextState(root: ByteString, directories: readonly ByteString[]): ContextState | null {
  const state = createHash('sha256').update(`context ${VERSION}\n`)
  let settled = 0
  try {
    for (const directory of directories) {
      const location = directory === '' ? root : `${root}/${directory}`
      const names = readNames(location)
      const { numbers, settledAt: own } = readNumbers(location, names)
      const itself = directory === '' ? settledAt(lstatSync(nativePath(root)).ctimeMs) : 0 // others are listed above
      settled = Math.max(settled, own, itself)
      state.update(`${directory}\0${names.join('/')}\0`, 'latin1').update(numbers)
    }
  } catch {
    return null // whoever evaluates the build says what is wrong
  }
  return { digest: state.digest('hex'), settledAt: settled }
}

function readNumbers(location: ByteString, names: readonly ByteString[]) {
  const plain = isAscii(location) && names.every(isAscii)
  const numbers = new Float64Array(names.length * FIELDS)
  let at = 0
  let settled = 0
  for (const name of names) {
    const path = `${location}/${name}`
    const { dev, ino, size, mtimeMs, ctimeMs } = lstatSync(plain ? path : nativePath(path))
    numbers[at++] = dev
    numbers[at++] = ino
    numbers[at++] = size
    numbers[at++] = mtimeMs
    numbers[at++] = ctimeMs
    settled = Math.max(settled, settledAt(ctimeMs))
  }
  return { numbers: new Uint8Array(numbers.buffer), settledAt: settled }
}
