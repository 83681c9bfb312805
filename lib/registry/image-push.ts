import { setMaxListeners } from 'node:events'
import type { Blob } from '../blob/blob.js'
import type { Digest } from '../blob/digest.js'
import type { Spool } from '../blob/spool.js'
import { isNondistributable } from '../image/media-types.js'
import type { ImageBlob } from '../stages/items.js'
import type { Remote } from './client.js'
import { type BlobPush, finishedBlob, type PushedBlob, type PushOutcome, pushBlob } from './push-blob.js'
import { pushManifest } from './push-manifest.js'
import { createPushVolume } from './push-volume.js'
import type { UploadJournal } from './upload-journal.js'

/** A repository that an image goes to. */
export interface PushTarget {
  readonly remote: Remote
  /** None: it can be had by its digest only. */
  readonly tags: readonly string[]
}

export interface ImagePushOptions {
  /** Each repository once. */
  readonly targets: readonly PushTarget[]
  readonly journal: UploadJournal
  /** Told of bytes that were sent, and of how many will have been, once that is known. */
  readonly progress: (bytes: number, total?: number) => void
  readonly signal: AbortSignal
}

/** What a push came to. */
export interface PushTally {
  /** Sent. */
  readonly bytes: number
  readonly present: number
  readonly mounted: number
  /** Layers that come from elsewhere by their nature, and are not pushed. */
  readonly foreign: number
}

/** An image on its way to several repositories. The first failure stops all of it. */
export interface ImagePush {
  /** Begins to send what is only being made. */
  begin(spool: Spool): void
  /** Takes a blob of the image: layers are sent at once, the others when all layers are there. */
  add(item: ImageBlob): void
  /** Waits for the layers, sends the configs, and gives the number of bytes that had to be sent. */
  sendBlobs(): Promise<number>
  /** Sends the rest, once all blobs are there: manifests before what lists them, at last the tags. */
  finish(): Promise<PushTally>
  /** Rejects with the first failure; never resolves. */
  readonly failed: Promise<never>
  /** Stops what is under way, waits until it has, and gives the error of the first failure if there was one. */
  stop(reason: unknown): Promise<unknown>
}

export function createImagePush(options: ImagePushOptions): ImagePush {
  return new TargetsPush(options)
}

/** A blob has to be this large for its first bytes to be worth sending before its digest is known. */
const EARLY = 16 * 2 ** 20

interface Started {
  readonly repository: string
  readonly done: Promise<PushOutcome>
}

class TargetsPush implements ImagePush {
  readonly failed: Promise<never>
  readonly #options: ImagePushOptions
  readonly #own = new AbortController()
  readonly #signal: AbortSignal
  /** Every blob that is sent or was found, by host and digest and then by repository: sent once, then mounted. */
  readonly #started = new Map<string, Started[]>()
  readonly #work: Promise<unknown>[] = []
  readonly #later: ImageBlob[] = []
  readonly #blobs = new Map<Digest, Blob>()
  readonly #volume = createPushVolume()
  #count = { bytes: 0, present: 0, mounted: 0, foreign: 0 }
  #early = 0

  constructor(options: ImagePushOptions) {
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#own.signal])
    setMaxListeners(0, this.#signal) // every transfer listens
    this.failed = new Promise((_resolve, reject) => {
      this.#own.signal.addEventListener('abort', () => reject(this.#own.signal.reason), { once: true })
    })
    this.failed.catch(() => {})
  }

  begin(spool: Spool): void {
    const firsts = this.#options.targets.filter(({ remote }, index, all) => {
      return all.findIndex((each) => each.remote.host === remote.host) === index
    })
    this.#early += 1
    const journalKey = `new ${this.#early}`
    for (const { remote } of firsts) this.#watch(this.#sendEarly(spool, remote, journalKey))
  }

  async #sendEarly(spool: Spool, remote: Remote, journalKey: string): Promise<void> {
    if (!(await spool.reaches(EARLY))) return
    const blob: PushedBlob = { known: null, summary: spool.summary, open: (range) => spool.open(range) }
    const done = this.#send({ remote, blob, mountFrom: [], journalKey })
    const { digest } = await spool.summary
    this.#startedAs(remote, digest).push({ repository: remote.repository, done })
    await done
  }

  add(item: ImageBlob): void {
    const { blob, role, root } = item
    if (root) this.#volume.complete()
    this.#blobs.set(blob.descriptor.digest, blob)
    if (role !== 'layer') this.#later.push(item)
    else if (isNondistributable(blob.descriptor.mediaType)) this.#count.foreign += 1
    else for (const { remote } of this.#options.targets) this.#watch(this.#start(remote, blob))
  }

  async sendBlobs(): Promise<number> {
    await this.#settled()
    for (const { blob, role } of this.#later) {
      if (role === 'config') for (const { remote } of this.#options.targets) this.#watch(this.#start(remote, blob))
    }
    await this.#settled()
    return this.#count.bytes
  }

  async finish(): Promise<PushTally> {
    const manifests = this.#later.filter(({ role }) => role === 'manifest' || role === 'index')
    const children = manifests.filter(({ root }) => !root)
    const roots = manifests.filter(({ root }) => root)
    await this.#toAll((target) => this.#putEach(target.remote, children))
    // All bytes are everywhere before the first name points to any of them.
    const byDigest = this.#options.targets.filter(({ tags }) => tags.length === 0)
    await Promise.all(byDigest.map(({ remote }) => this.#putEach(remote, roots)))
    await this.#toAll(async ({ remote, tags }) => {
      for (const root of roots) for (const tag of tags) await this.#put(remote, root, tag)
    })
    return this.#count
  }

  async stop(reason: unknown): Promise<unknown> {
    this.#own.abort(reason)
    await Promise.allSettled(this.#work)
    return this.#own.signal.reason
  }

  async #settled(): Promise<void> {
    for (const started of this.#started.values()) await Promise.all(started.map(({ done }) => done))
    this.#own.signal.throwIfAborted()
  }

  #toAll(work: (target: PushTarget) => Promise<void>): Promise<unknown> {
    return Promise.all(this.#options.targets.map(work))
  }

  /** Goes to a repository once; where another one of the host has it first, from there. */
  #start(remote: Remote, blob: Blob): Promise<PushOutcome> {
    const started = this.#startedAs(remote, blob.descriptor.digest)
    const known = started.find(({ repository }) => repository === remote.repository)
    if (known) return known.done
    const [first] = started
    const done = this.#sendAfter(first, remote, blob)
    started.push({ repository: remote.repository, done })
    return done
  }

  async #sendAfter(first: Started | undefined, remote: Remote, blob: Blob): Promise<PushOutcome> {
    await first?.done
    const origin = blob.origin?.host === remote.host ? [blob.origin.repository] : []
    const mountFrom = [...(first ? [first.repository] : []), ...origin]
    return this.#send({ remote, blob: finishedBlob(blob), mountFrom, journalKey: blob.descriptor.digest })
  }

  async #send(push: Pick<BlobPush, 'remote' | 'blob' | 'mountFrom' | 'journalKey'>): Promise<PushOutcome> {
    const { journal } = this.#options
    const journalKey = `${push.remote.subject} ${push.journalKey}`
    const progress = (bytes: number): void => this.#options.progress(bytes, this.#volume.total)
    const pushed = pushBlob({ ...push, journal, journalKey, progress, signal: this.#signal })
    this.#volume.add(push.blob, pushed)
    const outcome = await pushed
    const size = outcome === 'sent' ? (await push.blob.summary).size : 0
    this.#count.bytes += size // not in one expression with a wait, during which others count
    if (outcome !== 'sent') this.#count[outcome] += 1
    return outcome
  }

  async #putEach(remote: Remote, manifests: readonly ImageBlob[]): Promise<void> {
    for (const manifest of manifests) await this.#put(remote, manifest, manifest.blob.descriptor.digest)
  }

  async #put(remote: Remote, { blob: manifest, manifest: parts }: ImageBlob, reference: string): Promise<void> {
    const repair = async (): Promise<void> => {
      for (const { digest } of parts ? [...parts.layers, parts.config] : []) {
        const blob = this.#blobs.get(digest)
        if (blob && !isNondistributable(blob.descriptor.mediaType)) await this.#sendAfter(undefined, remote, blob)
      }
    }
    const bytes = await pushManifest({ remote, manifest, reference, repair, signal: this.#signal })
    this.#count.bytes += bytes
  }

  #startedAs({ host }: Remote, digest: Digest): Started[] {
    const key = `${host} ${digest}`
    const started = this.#started.get(key) ?? []
    this.#started.set(key, started)
    return started
  }

  #watch(work: Promise<unknown>): void {
    this.#work.push(work)
    work.catch((error: unknown) => this.#own.abort(error))
  }
}
