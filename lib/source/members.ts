import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Blob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import { algorithmOf, digestOf } from '../blob/digest.js'
import { verifyBytes } from '../blob/verify.js'
import { readProblem } from '../diff/read-problem.js'
import { InputError } from '../errors.js'
import { LARGEST_DOCUMENT, tooLarge } from '../image/parse-json.js'
import { chain } from '../streams/body.js'

/** A member of an archive, or a file of a directory: a span of a file on this machine. */
export interface Member {
  readonly file: string
  /** Bytes from the start of the file. */
  readonly start: number
  /** Bytes. */
  readonly size: number
}

/** What an image is kept in: a directory or an archive on this machine. */
export interface Members {
  /** Names it in errors: "oci:./layout". */
  readonly subject: string
  /** Finds a member by its path from the root; null where there is none. */
  find(path: string): Promise<Member | null>
}

/** Finds a member that has to be there. `what` says what it is. */
export async function demandMember(members: Members, path: string, what: string): Promise<Member> {
  const member = await members.find(path)
  if (member) return member
  throw new InputError({
    operation: `read ${what}`,
    subject: members.subject,
    expected: path,
    found: 'nothing there',
    advice: 'the image is not complete: get it anew'
  })
}

/** A small document, whole. Over 4 MiB is an InputError. */
export async function readDocument(members: Members, path: string, what: string): Promise<Buffer> {
  const { file, start, size } = await demandMember(members, path, what)
  const subject = `${members.subject}, ${path}`
  if (size > LARGEST_DOCUMENT) throw tooLarge(size, subject)
  const bytes = await readSpan(file, start, size)
  if (bytes.length === size) return bytes
  throw new InputError({ operation: `read ${what}`, subject, expected: `${size} bytes`, found: String(bytes.length) })
}

/** As `readDocument`, of one whose digest and size are known. */
export async function readVerified(members: Members, path: string, descriptor: Descriptor): Promise<Buffer> {
  const { digest, size } = descriptor
  const bytes = await readDocument(members, path, 'document')
  const problem = { operation: 'read document', subject: `${members.subject}, ${digest}`, advice: DAMAGED }
  if (bytes.length !== size)
    throw new InputError({ ...problem, expected: `${size} bytes`, found: String(bytes.length) })
  const found = digestOf(bytes, algorithmOf(digest))
  if (found !== digest) throw new InputError({ ...problem, expected: digest, found })
  return bytes
}

/** The blob that a member is, verified while it is read. A member of another size fails at once. */
export function memberBlob(member: Member, descriptor: Descriptor, subject: string): Blob {
  const { digest, size } = descriptor
  const { file } = member
  if (member.size !== size) {
    const problem = { operation: 'read blob', subject: `${subject}, ${digest}`, advice: DAMAGED }
    throw new InputError({ ...problem, expected: `${size} bytes`, found: String(member.size) })
  }
  return {
    descriptor,
    open: (range) => {
      if (range) return streamSpan(file, member.start + range.start, range.end - range.start)
      return chain(streamSpan(file, member.start, size), [verifyBytes(descriptor, subject)])
    }
  }
}

const DAMAGED = 'the image is damaged: get it anew'

/** As much of the span as the file has. */
export async function readSpan(file: string, start: number, size: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw readProblem('read file', file, cause)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** A stream of the span. */
export function streamSpan(file: string, start: number, size: number): Readable {
  if (size <= 0) return Readable.from([], { objectMode: false })
  return createReadStream(file, { start, end: start + size - 1, highWaterMark: CHUNK })
}

const CHUNK = 2 ** 20
