import { type ByteString, printable } from '../streams/bytes.js'
import { Malformed, REFUSED } from './malformed.js'

/**
 * A tar's name as a path below the root: no `.`, no empty components, no slash at either end. A name that begins with
 * a slash is below the root as well, as kaniko and ko write them. The root itself is an empty string. Throws Malformed
 * for a `..`, a NUL or too many bytes; `what` says whose it is.
 */
export function normalizePath(name: ByteString, what: string): ByteString {
  if (name.includes('\0')) throw unsafe(what, name)
  verifyLength(name, what)
  if (!IRREGULAR.test(name)) return name
  const components = name.split('/')
  if (components.includes('..')) throw unsafe(what, name)
  return components.filter((component) => component !== '' && component !== '.').join('/')
}

function unsafe(what: string, name: ByteString): Malformed {
  const found = printable(name.slice(0, 200))
  return new Malformed({ expected: `a ${what} that stays below the root`, found, advice: REFUSED })
}

/** Throws Malformed for a path that is too long for Linux. */
export function verifyLength({ length }: ByteString, what: string): void {
  if (length <= LONGEST) return
  throw new Malformed({ expected: `a ${what} of at most ${LONGEST} bytes`, found: `${length}`, advice: REFUSED })
}

/** Linux's PATH_MAX without its NUL: nothing could open a longer one. It keeps trees shallow, too. */
const LONGEST = 4095
/** Has a component that is empty, `.` or `..`. */
const IRREGULAR = /(?:^|\/)\.{0,2}(?:\/|$)/
