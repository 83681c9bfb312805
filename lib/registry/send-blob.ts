import { createOutgoing, type Outgoing } from './outgoing.js'
import type { Pace } from './pace.js'
import { RegistryError } from './problem.js'
import { type BlobPush, type BlobSummary, hasBlob } from './push-blob.js'
import {
  askOffset,
  beginUpload,
  type Chunk,
  cancelUpload,
  endUpload,
  purposeOf,
  sendChunk,
  type UploadSession
} from './upload-session.js'

/**
 * Sends the bytes of a blob. In one request where they are few; else in chunks, so that what was sent once need not
 * be sent again; as a stream where their end is not known. A registry that can't go on gets them from the start.
 */
export async function sendBlob(push: BlobPush, session: UploadSession | null): Promise<'sent' | 'present'> {
  const sender = new Sender(push, session)
  try {
    return await sender.run()
  } catch (error) {
    await sender.abandon()
    throw error
  }
}

const MOST_STARTS = 3

class Sender {
  readonly #push: BlobPush
  readonly #pace: Pace
  readonly #outgoing: Outgoing
  #session: UploadSession | null
  #known: BlobSummary | null
  /** Bytes that the registry has confirmed. Its own word for it is not always true. */
  #sent = 0
  /** Whether its Range names the byte after the last. */
  #exclusive = false
  #starts = 0
  #noted = false

  constructor(push: BlobPush, session: UploadSession | null) {
    this.#push = push
    this.#pace = push.remote.createPace()
    this.#outgoing = createOutgoing(push.blob, push.progress)
    this.#session = session
    this.#known = push.blob.known
  }

  async run(): Promise<'sent' | 'present'> {
    if (!this.#session) await this.#pickUp()
    for (;;) {
      const session = this.#session ?? (await this.#begin())
      try {
        return await this.#sendAll(session)
      } catch (error) {
        if (isTooLarge(error) && this.#pace.slowDown()) continue
        if (this.#starts >= MOST_STARTS || !mayStartAgain(error)) throw error
        this.#session = null
        this.#sent = 0
      }
    }
  }

  async abandon(): Promise<void> {
    if (this.#session && !this.#push.signal?.aborted) await cancelUpload(this.#push, this.#session)
  }

  /** Goes on with what an earlier run left. */
  async #pickUp(): Promise<void> {
    const { journal, journalKey } = this.#push
    const location = this.#isSmall() ? null : await journal.find(journalKey)
    if (location === null || !URL.canParse(location)) return
    const session = { location: new URL(location), shortest: 0, longest: Infinity }
    const offset = await askOffset(this.#push, session).catch(() => null)
    if (offset === null || (this.#known && offset > this.#known.size)) return
    this.#session = session
    this.#sent = offset
    this.#noted = true
  }

  async #begin(): Promise<UploadSession> {
    this.#starts += 1
    const session = await beginUpload(this.#push)
    if (session === 'created') throw new RegistryError({ ...purposeOf(this.#push), expected: 'a new upload' })
    await this.#goOn(session)
    return session
  }

  /** What goes in one request is sent again rather than written down. */
  async #goOn(session: UploadSession): Promise<void> {
    const { journal, journalKey } = this.#push
    this.#session = session
    if (this.#isSmall()) return
    await journal.note(journalKey, session.location.href)
    this.#noted = true
  }

  #isSmall(): boolean {
    return this.#known !== null && this.#known.size <= this.#pace.first
  }

  async #sendAll(first: UploadSession): Promise<'sent' | 'present'> {
    this.#session = first
    for (let outcome: 'more' | 'sent' | 'present' = 'more'; ; ) {
      outcome = await this.#push.remote.connection.retry((number) => this.#step(number), this.#push.signal)
      if (outcome === 'more') continue
      if (this.#noted) await this.#push.journal.forget(this.#push.journalKey)
      return outcome
    }
  }

  async #step(attempt: number): Promise<'more' | 'sent' | 'present'> {
    const session = this.#session
    if (!session) throw new StartAgain()
    if (attempt > 1 && (await this.#resume(session)) === 'present') return 'present'
    if (!this.#known) return this.#stream(session)
    const { size, digest } = this.#known
    const end = Math.min(size, this.#sent + this.#chunkLength(session))
    const chunk = this.#chunk(this.#sent, end)
    if (end < size) return this.#sendTimed(session, chunk, end)
    await endUpload(this.#push, session, digest, chunk)
    return 'sent'
  }

  async #sendTimed(session: UploadSession, chunk: Chunk, end: number): Promise<'more'> {
    const [start, begun] = [this.#sent, performance.now()]
    const after = await sendChunk(this.#push, session, chunk)
    this.#pace.took(end - start, performance.now() - begun)
    return this.#confirm(after, end)
  }

  async #confirm(session: UploadSession, sent: number): Promise<'more'> {
    this.#sent = sent
    if (session.received === sent + 1) this.#exclusive = true
    await this.#goOn(session)
    return 'more'
  }

  /** Finds out where to go on after a failure; 'present' if only the answer was lost. */
  async #resume(session: UploadSession): Promise<'present' | null> {
    this.#pace.slowDown()
    this.#known ??= await this.#push.blob.summary
    if (await hasBlob(this.#push.remote, this.#known.digest, this.#push.signal)) return 'present'
    const offset = await askOffset(this.#push, session)
    if (offset === null) throw new StartAgain()
    const received = this.#exclusive ? offset - 1 : offset
    this.#sent = Math.min(this.#known.size, Math.max(this.#sent, received))
    return null
  }

  /** Sends what comes for as long as it comes, but for the last piece: some registries refuse to end with none. */
  async #stream(session: UploadSession): Promise<'more' | 'present'> {
    const { blob } = this.#push
    let passed = this.#sent
    const body = () => this.#outgoing.stream(this.#sent, (position) => void (passed = position))
    const futile = this.#whenFutile()
    const signal = this.#push.signal ? AbortSignal.any([this.#push.signal, futile]) : futile
    try {
      const after = await sendChunk({ ...this.#push, signal }, session, { start: null, length: null, body })
      this.#known = await blob.summary
      return await this.#confirm(after, passed)
    } catch (error) {
      if (!futile.aborted) throw error
      await this.abandon()
      return 'present'
    }
  }

  /** Aborted when it turns out, now that the digest is known, that the registry has had the blob all the time. */
  #whenFutile(): AbortSignal {
    const { remote, blob, signal } = this.#push
    const futile = new AbortController()
    blob.summary
      .then(async ({ digest }) => {
        if (await hasBlob(remote, digest, signal)) futile.abort(new StartAgain())
      })
      .catch(() => {}) // then it is sent
    return futile.signal
  }

  #chunk(start: number, end: number): Chunk {
    const whole = start === 0 && end === this.#known?.size
    return { start: whole ? null : start, length: end - start, body: () => this.#outgoing.part(start, end) }
  }

  /** After a first start that failed, all at once: chunks may have been the trouble. */
  #chunkLength({ shortest, longest }: UploadSession): number {
    const preferred = this.#starts > 1 ? Infinity : this.#pace.next
    return Math.min(longest, Math.max(shortest, preferred))
  }
}

/** The upload can't be gone on with. */
class StartAgain extends Error {}

function mayStartAgain(error: unknown): boolean {
  if (error instanceof StartAgain) return true
  return error instanceof RegistryError && error.status !== null && LOST.includes(error.status)
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RegistryError && error.status === 413
}

// An upload that is gone, or whose offset or digest is not what it should be; or chunks that are not understood.
const LOST = [400, 404, 405, 409, 410, 411, 416, 501]
