import type { Readable } from 'node:stream'
import type { ByteRange } from '../../blob/blob.js'
import type { Annotations } from '../../blob/descriptor.js'
import type { Digest, DigestAlgorithm } from '../../blob/digest.js'

/** Where a registry keeps what it serves. */
export interface RegistryStorage {
  readonly contents: ContentPool
  readonly repositories: Repositories
  readonly uploads: UploadSessions
}

/** Bytes by digest, common to all repositories. */
export interface ContentPool {
  /** Size in bytes, or null where it is not there. */
  size(digest: Digest): Promise<number | null>
  /** Fails at its end if the bytes are not those of the digest. */
  open(digest: Digest, size: number, range?: ByteRange): Readable
  /** Stores bytes whose digest the caller has computed. */
  put(digest: Digest, bytes: Buffer): Promise<void>
  /** Moves in a file whose digest the caller has computed. */
  adopt(digest: Digest, path: string): Promise<void>
  /** Shares the bytes of a file that never changes, or copies them. */
  link(digest: Digest, path: string): Promise<void>
}

/** What is recorded of a manifest: its descriptor as the referrers API shows it, and its subject. */
export interface ManifestRecord {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly artifactType?: string
  readonly annotations?: Annotations
  readonly subject?: Digest
}

/** Which contents are visible in which repository. Every change is one atomic step. */
export interface Repositories {
  /** Of those that have, or had, a manifest, in byte order. */
  names(): Promise<readonly string[]>
  hasBlob(repository: string, digest: Digest): Promise<boolean>
  addBlob(repository: string, digest: Digest): Promise<void>
  /** False where there was none. */
  removeBlob(repository: string, digest: Digest): Promise<boolean>
  manifest(repository: string, digest: Digest): Promise<ManifestRecord | null>
  addManifest(repository: string, record: ManifestRecord): Promise<void>
  /** Takes its tags with it. False where there was none. */
  removeManifest(repository: string, digest: Digest): Promise<boolean>
  tag(repository: string, tag: string): Promise<Digest | null>
  setTag(repository: string, tag: string, digest: Digest): Promise<void>
  removeTag(repository: string, tag: string): Promise<boolean>
  /** In byte order; null where there is no such repository. */
  tags(repository: string): Promise<readonly string[] | null>
  referrers(repository: string, subject: Digest): Promise<readonly ManifestRecord[]>
}

/** Uploads that were begun and not finished. They outlive the process. */
export interface UploadSessions {
  begin(repository: string, algorithm: DigestAlgorithm): Promise<UploadSession>
  /** The same one for all who use it meanwhile. */
  find(repository: string, id: string): Promise<UploadSession | null>
  /** Removes uploads that nobody will come back to, and lets go of what idle ones hold. A server calls it now and then. */
  sweep(): Promise<void>
}

export interface UploadSession {
  readonly id: string
  readonly repository: string
  /** Bytes received so far. */
  readonly offset: number
  /** Runs `work` while nobody else changes this session; an `append` under way is broken off. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Appends what comes; what had come when it fails stays. */
  append(body: Readable): Promise<void>
  /** Moves the bytes into the pool if they are those of the digest, else removes them; says which. */
  finish(digest: Digest): Promise<boolean>
  cancel(): Promise<void>
}
