import { readdir, readFile, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { algorithmOf, type Digest, hexOf, isDigest } from '../../blob/digest.js'
import { isThere } from '../../blob/is-there.js'
import { writeDocument } from '../../blob/write-document.js'
import { findRepositories } from './find-repositories.js'
import { parseManifestRecord } from './manifest-record.js'
import type { ManifestRecord, Repositories } from './storage.js'

/**
 * A directory a repository, in it `_blobs/sha256/<hex>`, `_manifests/sha256/<hex>`, `_tags/<tag>` and
 * `_referrers/sha256/<hex of the subject>/<hex>`: a file a fact, so that any number of processes can write at once.
 * No component of a repository's name begins with an underscore.
 */
export function createRepositories(directory: string): Repositories {
  return new DirectoryRepositories(directory)
}

type FactKind = '_blobs' | '_manifests' | '_referrers'

/** Where it is written down that a repository has something. */
export function pathOfFact(directory: string, repository: string, kind: FactKind, digest: Digest): string {
  return join(directory, repository, kind, algorithmOf(digest), hexOf(digest))
}

class DirectoryRepositories implements Repositories {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async names(): Promise<readonly string[]> {
    const all = await findRepositories(this.#directory)
    const known = await Promise.all(all.map((name) => isThere(join(this.#directory, name, '_manifests'))))
    return all.filter((_, index) => known[index]).toSorted()
  }

  /** Notes that somebody wants it, so that it is not collected before the manifest that refers to it is here. */
  hasBlob(repository: string, digest: Digest): Promise<boolean> {
    return touch(this.#path(repository, '_blobs', digest))
  }

  addBlob(repository: string, digest: Digest): Promise<void> {
    return writeFact(this.#path(repository, '_blobs', digest), '')
  }

  removeBlob(repository: string, digest: Digest): Promise<boolean> {
    return remove(this.#path(repository, '_blobs', digest))
  }

  async manifest(repository: string, digest: Digest): Promise<ManifestRecord | null> {
    return readRecord(this.#path(repository, '_manifests', digest))
  }

  async addManifest(repository: string, record: ManifestRecord): Promise<void> {
    const text = JSON.stringify(record)
    await writeFact(this.#path(repository, '_manifests', record.digest), text)
    if (record.subject) await writeFact(this.#referrer(repository, record.subject, record.digest), text)
  }

  async removeManifest(repository: string, digest: Digest): Promise<boolean> {
    const record = await this.manifest(repository, digest)
    if (!record) return false
    for (const tag of (await this.tags(repository)) ?? []) {
      if ((await this.tag(repository, tag)) === digest) await this.removeTag(repository, tag)
    }
    if (record.subject) await remove(this.#referrer(repository, record.subject, digest))
    return remove(this.#path(repository, '_manifests', digest))
  }

  async tag(repository: string, tag: string): Promise<Digest | null> {
    const text = await readText(join(this.#directory, repository, '_tags', tag))
    return text !== null && isDigest(text) ? text : null
  }

  setTag(repository: string, tag: string, digest: Digest): Promise<void> {
    return writeFact(join(this.#directory, repository, '_tags', tag), digest)
  }

  removeTag(repository: string, tag: string): Promise<boolean> {
    return remove(join(this.#directory, repository, '_tags', tag))
  }

  async tags(repository: string): Promise<readonly string[] | null> {
    const known = await isThere(join(this.#directory, repository, '_manifests'))
    return known ? list(join(this.#directory, repository, '_tags')) : null
  }

  async referrers(repository: string, subject: Digest): Promise<readonly ManifestRecord[]> {
    const directory = this.#path(repository, '_referrers', subject)
    const names = await list(directory)
    const records = await Promise.all(names.map((name) => readRecord(join(directory, name))))
    return records.filter((record) => record !== null)
  }

  #path(repository: string, kind: FactKind, digest: Digest): string {
    return pathOfFact(this.#directory, repository, kind, digest)
  }

  #referrer(repository: string, subject: Digest, digest: Digest): string {
    return join(this.#path(repository, '_referrers', subject), `${algorithmOf(digest)}-${hexOf(digest)}`)
  }
}

function writeFact(path: string, text: string): Promise<void> {
  return writeDocument(path, Buffer.from(text), 0o644)
}

async function touch(path: string): Promise<boolean> {
  const now = new Date()
  return utimes(path, now, now).then(
    () => true,
    () => isThere(path) // it may not be ours to change
  )
}

function remove(path: string): Promise<boolean> {
  return rm(path).then(
    () => true,
    () => false
  )
}

function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

async function readRecord(path: string): Promise<ManifestRecord | null> {
  const text = await readText(path)
  return text === null ? null : parseManifestRecord(text, path)
}

/** Names in byte order, without those that are still being written. */
async function list(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => [])
  return names.filter((name) => !name.startsWith('.')).sort()
}
