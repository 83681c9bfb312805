import { createReadStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { flow } from '../streams/flow.js'
import { algorithmOf, type Digest, finishDigest, hexOf, startDigest } from './digest.js'
import { fingerprint } from './fingerprint.js'
import { makeDirectory } from './make-directory.js'

/** Remembers which files were found to have their digest, so that an untouched one need not be read again. */
export interface VerifiedFiles {
  /** Whether the file at `path` has these bytes; reads it unless it is known and untouched since. False if absent. */
  holds(path: string, digest: Digest): Promise<boolean>
  /** As `holds`, but reads the file whatever is known. */
  reads(path: string, digest: Digest): Promise<boolean>
  /** Whether it is known without reading the file. */
  knows(path: string, digest: Digest): Promise<boolean>
  /** Notes that the file was digested while it was written. */
  note(path: string, digest: Digest): Promise<void>
  forget(digest: Digest): Promise<void>
}

/** @param directory for a small note per digest; null remembers nothing */
export function createVerifiedFiles(directory: string | null): VerifiedFiles {
  const noteOf = (digest: Digest): string => join(directory ?? '', algorithmOf(digest), hexOf(digest))
  const knows = async (path: string, digest: Digest): Promise<boolean> => {
    if (directory === null) return false
    const [noted, found] = await Promise.all([readFile(noteOf(digest), 'utf8').catch(() => null), fingerprint(path)])
    return found !== null && noted === found
  }
  const note = async (path: string, digest: Digest): Promise<void> => {
    const found = await fingerprint(path)
    if (directory === null || found === null) return
    try {
      await makeDirectory(dirname(noteOf(digest)))
      await writeFile(noteOf(digest), found)
    } catch {
      // Without the note the file is read once more, that is all.
    }
  }
  const forget = async (digest: Digest): Promise<void> => {
    if (directory !== null) await rm(noteOf(digest), { force: true })
  }
  const reads = async (path: string, digest: Digest): Promise<boolean> => {
    const before = await fingerprint(path)
    if (before === null) return false
    const sound = (await digestOfFile(path, digest)) === digest && before === (await fingerprint(path))
    await (sound ? note(path, digest) : forget(digest))
    return sound
  }
  return {
    knows,
    note,
    forget,
    reads,
    holds: async (path, digest) => (await knows(path, digest)) || reads(path, digest)
  }
}

async function digestOfFile(path: string, like: Digest): Promise<Digest> {
  const algorithm = algorithmOf(like)
  const running = startDigest(algorithm)
  const digester = new Writable({
    write(chunk: Buffer, _encoding, done) {
      running.update(chunk)
      done()
    }
  })
  await flow([createReadStream(path, { highWaterMark: BLOCK }), digester])
  return finishDigest(running, algorithm)
}

const BLOCK = 2 ** 20
