import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { recallSession, recordSession, type SessionFacts } from './session-facts.js'
import type { ContentPool, Repositories, UploadSessions } from './storage.js'
import { createUploadSession, type FileSession } from './upload-session.js'

export interface UploadTargets {
  readonly contents: ContentPool
  readonly repositories: Repositories
}

/** Uploads in a directory, a directory an upload: its bytes in `data`, its facts in `session.json`. */
export function createUploadSessions(directory: string, targets: UploadTargets): UploadSessions {
  /** Those in use; promises, so that all who come to an upload at once have the same. */
  const open = new Map<string, Promise<FileSession | null>>()
  const start = (facts: SessionFacts, offset: number, fresh: boolean): FileSession => {
    const path = join(directory, facts.id)
    const hash = fresh ? createHash(facts.algorithm) : null
    return createUploadSession({ facts, path, offset, hash, targets, onEnd: () => open.delete(facts.id) })
  }
  /** An upload that an earlier process began, or that was let go of. */
  const restore = async (id: string): Promise<FileSession | null> => {
    const facts = await recallSession(directory, id)
    const data = facts && (await stat(join(directory, id, 'data')).catch(() => null))
    if (data) return start(facts, data.size, false)
    open.delete(id)
    return null
  }
  return {
    async begin(repository, algorithm) {
      const session = start(await recordSession(directory, repository, algorithm), 0, true)
      open.set(session.id, Promise.resolve(session))
      return session
    },
    async find(repository, id) {
      const found = open.get(id) ?? restore(id)
      open.set(id, found)
      const session = await found
      return session?.repository === repository ? session : null
    },
    async sweep() {
      for (const [id, found] of open) if (((await found)?.idle() ?? IDLE) >= IDLE) open.delete(id)
      await removeAbandoned(directory, open)
    }
  }
}

async function removeAbandoned(directory: string, open: ReadonlyMap<string, unknown>): Promise<void> {
  for (const id of await readdir(directory).catch(() => [])) {
    const path = join(directory, id)
    const found = await stat(join(path, 'data')).catch(() => stat(path).catch(() => null))
    const old = found !== null && Date.now() - found.mtimeMs > ABANDONED
    if (old && !open.has(id)) await rm(path, { recursive: true, force: true })
  }
}

/** An hour, in milliseconds, after which an upload is no longer worth the memory that knows its digest so far. */
const IDLE = 60 * 60 * 1000
/** A week, in milliseconds: no client comes back to an upload after that long. */
const ABANDONED = 7 * 24 * 60 * 60 * 1000
