import { Transform, type TransformCallback } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import { errorOf, InputError } from '../errors.js'
import { printable } from '../streams/bytes.js'
import { createDuplicateCheck } from '../tar/duplicates.js'
import { nameOf } from '../tar/header.js'
import { Malformed } from '../tar/malformed.js'
import { normalizePath } from '../tar/path.js'

/**
 * Passes on EntryBatches of one layer that somebody else's stage made. Fails with InputError, which names the stage,
 * for a path that came before or that is not spelled as an Entry's is, which would lead out of the root at worst.
 */
export function checkEntries(stage: string): Transform {
  const checkDuplicate = createDuplicateCheck()
  return new Transform({
    objectMode: true,
    highWaterMark: 1,
    transform(batch: EntryBatch, _encoding: BufferEncoding, done: TransformCallback) {
      try {
        for (const item of batch) if (!Buffer.isBuffer(item)) checkEntry(item, checkDuplicate, stage)
        done(null, batch)
      } catch (error) {
        done(errorOf(error))
      }
    }
  })
}

function checkEntry(entry: Entry, checkDuplicate: (entry: Entry) => void, stage: string): void {
  try {
    checkPath(entry)
    // A deletion has the path of what it deletes, which may come anew in the same layer.
    const deletes = entry.type === 'whiteout' || entry.type === 'opaque'
    checkDuplicate(deletes ? { ...entry, path: nameOf(entry) } : entry)
  } catch (error) {
    throw refuseEntry(`stage ${stage}`, entry, error)
  }
}

/** What is wrong with an entry, and who gave it. */
export function refuseEntry(giver: string, { path }: Entry, error: unknown): unknown {
  if (!(error instanceof Malformed)) return error
  const { expected = '', found = '' } = error.problem
  const [kind] = giver.split(' ')
  return new InputError({
    operation: 'check entries',
    subject: `${giver}, entry ${printable(path)}`,
    expected,
    found,
    advice: `change what the ${kind} gives`
  })
}

/** Throws Malformed for a path or a link target that is not spelled as an Entry's is. */
export function checkPath({ path, type, link }: Entry): void {
  const isNone = path === '' && type !== 'opaque'
  if (isNone || normalizePath(path, 'path') !== path) throw misspelled('path', path)
  if (type === 'hardlink' && (link === '' || normalizePath(link, 'link target') !== link))
    throw misspelled('link target', link)
}

function misspelled(what: string, found: string): Malformed {
  const expected = `a ${what} below the root, without empty components, "." and slashes at either end`
  return new Malformed({ expected, found: found === '' ? 'none' : printable(found) })
}
