import type { Readable } from 'node:stream'
import type { Blob, ByteRange } from '../blob/blob.js'
import type { Digest } from '../blob/digest.js'
import { verifyPieces } from '../blob/verify.js'
import { chain } from '../streams/body.js'
import type { Remote } from './client.js'
import type { Ask } from './connection.js'
import { RegistryError } from './problem.js'
import { pullScopes, pushScopes } from './scopes.js'
import { sendBlob } from './send-blob.js'
import type { UploadJournal } from './upload-journal.js'
import { beginUpload, type UploadSession } from './upload-session.js'

/** What is sent: bytes that are known, or that are still being made. */
export interface PushedBlob {
  /** Null while it is being made. */
  readonly known: BlobSummary | null
  /** Known once it is made. Rejects if that fails. */
  readonly summary: Promise<BlobSummary>
  /** Can be called any number of times. Without a range it waits for bytes that are not there yet. */
  open(range?: ByteRange): Readable
}

export interface BlobSummary {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

export interface BlobPush {
  readonly remote: Remote
  readonly blob: PushedBlob
  /** Repositories of the same host that may have it. */
  readonly mountFrom: readonly string[]
  readonly journal: UploadJournal
  /** What the journal calls it. */
  readonly journalKey: string
  readonly progress: (bytes: number) => void
  readonly signal?: AbortSignal | undefined
}

export type PushOutcome = 'present' | 'mounted' | 'sent'

/**
 * Brings a blob into a repository: it may be there, be mounted from another repository, or be sent. Bytes that are
 * still being made are sent as they come (distribution-spec, "Pushing Blobs"; "Mounting a blob").
 */
export async function pushBlob(push: BlobPush): Promise<PushOutcome> {
  const { remote, blob } = push
  if (!blob.known) return remote.uploads.run(() => sendBlob(push, null))
  const { digest } = blob.known
  const key = `${remote.repository} ${digest}`
  for (let other = remote.sending.get(key); other; other = remote.sending.get(key)) {
    await other.catch(() => {}) // whether it arrives or not, what is there then decides
  }
  const sent = remote.uploads.run(() => pushKnown(push, digest))
  remote.sending.set(key, sent)
  return sent.finally(() => remote.sending.delete(key))
}

async function pushKnown(push: BlobPush, digest: Digest): Promise<PushOutcome> {
  if (await hasBlob(push.remote, digest, push.signal)) return 'present'
  const mounted = await mount(push, digest)
  return mounted === true ? 'mounted' : sendBlob(push, mounted)
}

/** A registry without HEAD is asked for the first byte. */
export async function hasBlob(remote: Remote, digest: Digest, signal?: AbortSignal): Promise<boolean> {
  const ask: Ask = {
    operation: 'look for blob',
    subject: `${remote.subject}, blob ${digest}`,
    method: 'HEAD',
    to: `/v2/${remote.repository}/blobs/${digest}`,
    scopes: pushScopes(remote.repository),
    expect: [200, 404, 403, 405],
    signal
  }
  const status = await remote.connection.ask(ask, (answer) => answer.status)
  if (status === 200 || status === 404) return status === 200
  const firstByte: Ask = { ...ask, method: 'GET', headers: { range: 'bytes=0-0' }, expect: [200, 206, 404, 403, 416] }
  return remote.connection.ask(firstByte, (answer) => {
    if (answer.status === 200) answer.body.destroy() // the whole of it: not worth reading
    return [200, 206, 416].includes(answer.status)
  })
}

/** True where it is mounted now; else the session that a registry which declined has begun, if it has. */
async function mount(push: BlobPush, digest: Digest): Promise<true | UploadSession | null> {
  const { remote, mountFrom } = push
  for (const from of mountFrom) {
    if (from === remote.repository) continue
    try {
      const session = await beginUpload(push, { mount: digest, from }, pullScopes(from))
      if (session === 'created') return true
      // Declined: this session serves as well as another one, so the other sources are not asked.
      return session
    } catch (error) {
      // Whatever is wrong with mounting, 401 included: the bytes can still be sent.
      if (!(error instanceof RegistryError) || error.status === null) throw error
    }
  }
  return null
}

/** A blob that is complete, as it is pushed: verified while it is sent, unless this process has written or verified it. */
export function finishedBlob({ descriptor, open, file }: Blob): PushedBlob {
  const { digest, size } = descriptor
  const known = { digest, size }
  const verifyFrom = verifyPieces(descriptor, 'what is pushed')
  return {
    known,
    summary: Promise.resolve(known),
    open(range = { start: 0, end: size }) {
      const isAll = range.start === 0 && range.end >= size
      if (isAll) return open()
      return file === undefined ? chain(open(range), [verifyFrom(range.start)]) : open(range)
    }
  }
}
