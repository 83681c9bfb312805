import type { Entry } from '../diff/entry.js'
import { InputError } from '../errors.js'
import { printable } from '../streams/bytes.js'

/**
 * Throws InputError for an entry that no layer can hold, because its name, or that of a directory above it, would be
 * read as the deletion of another (image-spec, layer.md, "Whiteouts").
 */
export function refuseWhiteoutName({ path }: Entry): void {
  if (!path.includes('.wh.') || !WHITEOUT_NAME.test(path)) return
  throw new InputError({
    operation: 'pack entry',
    subject: printable(path),
    expected: 'a name that a layer can hold',
    found: 'one that begins with .wh., which in a layer is a deletion',
    advice: 'rename it or leave it out; type=local and type=tar can hold it'
  })
}

const WHITEOUT_NAME = /(?:^|\/)\.wh\./
