import { type ByteString, printable } from '../streams/bytes.js'
import { Malformed, REFUSED } from './malformed.js'

/**
 * A tar's name as a path below the root: no `.`, no empty components, no slash at either end. The root itself is
 * an empty string. Throws Malformed for an absolute name, a `..` or a NUL; `what` names the field in its message.
 */
export function normalizePath(name: ByteString, what: string): ByteString {
  if (name.includes('\0')) throw unsafe(what, name)
  if (!IRREGULAR.test(name)) return name
  const components = name.split('/')
  if (name.startsWith('/') || components.includes('..')) throw unsafe(what, name)
  return components.filter((component) => component !== '' && component !== '.').join('/')
}

function unsafe(what: string, name: ByteString): Malformed {
  const found = printable(name.slice(0, 200))
  return new Malformed({ expected: `a ${what} that stays below the root`, found, advice: REFUSED })
}

/** Has a component that is empty, `.` or `..`. */
const IRREGULAR = /(?:^|\/)\.{0,2}(?:\/|$)/
