import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DigestAlgorithm } from '../../blob/digest.js'
import { makeDirectory } from '../../blob/make-directory.js'
import { isObject } from '../../blob/stored-descriptor.js'
import { jsonOrNull } from '../json-or-null.js'
import type { ContentPool, Repositories, UploadSession, UploadSessions } from './storage.js'
import { createUploadSession, type SessionFacts } from './upload-session.js'

export interface UploadTargets {
  readonly contents: ContentPool
  readonly repositories: Repositories
}

/** Uploads in a directory, a directory an upload: its bytes in `data`, its facts in `session.json`. */
export function createUploadSessions(directory: string, targets: UploadTargets): UploadSessions {
  const open = new Map<string, UploadSession>()
  const start = (facts: SessionFacts, offset: number, fresh: boolean): UploadSession => {
    const path = join(directory, facts.id)
    const hash = fresh ? createHash(facts.algorithm) : null
    const session = createUploadSession({ facts, path, offset, hash, targets, onEnd: () => open.delete(facts.id) })
    open.set(facts.id, session)
    return session
  }
  const swept = removeAbandoned(directory)
  return {
    async begin(repository: string, algorithm: DigestAlgorithm) {
      await swept
      const facts = { id: randomUUID(), repository, algorithm }
      await makeDirectory(join(directory, facts.id))
      await writeFile(join(directory, facts.id, 'data'), '')
      await writeFile(join(directory, facts.id, 'session.json'), JSON.stringify(facts))
      return start(facts, 0, true)
    },
    async find(repository, id) {
      const session = open.get(id) ?? (await restore(directory, id, start))
      return session?.repository === repository ? session : null
    }
  }
}

/** An upload that an earlier process began. */
async function restore(
  directory: string,
  id: string,
  start: (facts: SessionFacts, offset: number, fresh: boolean) => UploadSession
): Promise<UploadSession | null> {
  if (!UUID.test(id)) return null
  const text = await readFile(join(directory, id, 'session.json'), 'utf8').catch(() => null)
  const data = await stat(join(directory, id, 'data')).catch(() => null)
  const facts = text === null ? null : jsonOrNull(text)
  return isSessionFacts(facts) && data !== null ? start(facts, data.size, false) : null
}

function isSessionFacts(value: unknown): value is SessionFacts {
  if (!isObject(value)) return false
  const { id, repository, algorithm } = value
  return typeof id === 'string' && typeof repository === 'string' && (algorithm === 'sha256' || algorithm === 'sha512')
}

async function removeAbandoned(directory: string): Promise<void> {
  for (const id of await readdir(directory).catch(() => [])) {
    const data = await stat(join(directory, id, 'data')).catch(() => null)
    if (data && Date.now() - data.mtimeMs > ABANDONED) await rm(join(directory, id), { recursive: true, force: true })
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A week, in milliseconds: no client comes back to an upload after that long. */
const ABANDONED = 7 * 24 * 60 * 60 * 1000
