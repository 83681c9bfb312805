import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../graph/json.js'
import { type Digest, digestOf, hexOf, isDigest } from './digest.js'
import { makeDirectory } from './make-directory.js'
import { writing } from './output-problem.js'
import { writeDocument } from './write-document.js'

/**
 * Small JSON documents by kind and key. A record keeps no blob alive: when one that it names is collected, the record
 * goes, too. One that is damaged is as good as absent.
 */
export interface Records {
  get(kind: string, key: string): Promise<Json | null>
  /** Replaces the record as a whole. `blobs` are those that it is worth nothing without. */
  put(kind: string, key: string, value: Json, blobs?: readonly Digest[]): Promise<void>
  remove(kind: string, key: string): Promise<void>
  /** Notes that a record was of use just now. Never rejects. */
  touch(kind: string, key: string): Promise<void>
  /** When each blob that records name was last of use, in milliseconds since 1970. */
  lastUses(): Promise<ReadonlyMap<Digest, number>>
  /** The keys of all records of a kind. */
  keys(kind: string): Promise<readonly string[]>
  /** Removes those that name a blob that isn't there, and those that name none and were of no use for a month. */
  prune(isThere: (digest: Digest) => boolean): Promise<void>
}

/** @param directory has a directory per kind, and there a file per key, named by the key's digest */
export function createRecords(directory: string): Records {
  const pathOf = (kind: string, key: string): string => join(directory, kind, `${hexOf(digestOf(key))}.json`)
  return {
    async get(kind, key) {
      const record = await readRecord(pathOf(kind, key))
      return record?.key === key ? record.value : null
    },
    async put(kind, key, value, blobs = []) {
      const bytes = Buffer.from(JSON.stringify({ key, blobs, value }))
      await writeDocument(pathOf(kind, key), bytes, 0o644, { durable: false }) // what is lost is made again
    },
    remove: (kind, key) => writing('remove', pathOf(kind, key), () => rm(pathOf(kind, key), { force: true })),
    async touch(kind, key) {
      const now = new Date()
      await utimes(pathOf(kind, key), now, now).catch(() => {}) // it only looks older than it is
    },
    async lastUses() {
      const uses = new Map<Digest, number>()
      for (const path of await listAll(directory)) {
        const [record, found] = await Promise.all([readRecord(path), stat(path).catch(() => null)])
        for (const digest of record?.blobs ?? []) uses.set(digest, Math.max(uses.get(digest) ?? 0, found?.mtimeMs ?? 0))
      }
      return uses
    },
    async keys(kind) {
      const records = await Promise.all((await list(join(directory, kind))).map(readRecord))
      return records.flatMap((record) => (record ? [record.key] : [])).sort()
    },
    async prune(isThere) {
      await makeDirectory(directory)
      for (const path of await listAll(directory)) {
        const record = await readRecord(path)
        const stays = record && (record.blobs.length > 0 ? record.blobs.every(isThere) : !(await isOld(path)))
        if (!stays) await rm(path, { force: true })
      }
    }
  }
}

const MONTH = 30 * 24 * 60 * 60 * 1000

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > MONTH
}

interface StoredRecord {
  readonly key: string
  readonly blobs: readonly Digest[]
  readonly value: Json
}

async function listAll(directory: string): Promise<readonly string[]> {
  const kinds = await readdir(directory).catch(() => [])
  return (await Promise.all(kinds.map((kind) => list(join(directory, kind))))).flat()
}

async function list(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => name.endsWith('.json')).map((name) => join(directory, name))
}

async function readRecord(path: string): Promise<StoredRecord | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null) return false
  if (!('key' in value && 'blobs' in value && 'value' in value)) return false
  const { key, blobs } = value
  return (
    typeof key === 'string' && Array.isArray(blobs) && blobs.every((each) => typeof each === 'string' && isDigest(each))
  )
}
