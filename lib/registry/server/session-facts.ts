import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DigestAlgorithm } from '../../blob/digest.js'
import { makeDirectory } from '../../blob/make-directory.js'
import { isJsonObject, jsonOrNull } from '../../loose-json.js'

/** What is written down of an upload, in `session.json` of its directory. */
export interface SessionFacts {
  readonly id: string
  readonly repository: string
  /** Of the digest that is computed while the bytes come. */
  readonly algorithm: DigestAlgorithm
}

/** Makes the directory of a new upload, its `data` empty. */
export async function recordSession(
  directory: string,
  repository: string,
  algorithm: DigestAlgorithm
): Promise<SessionFacts> {
  const facts = { id: randomUUID(), repository, algorithm }
  await makeDirectory(join(directory, facts.id))
  await writeFile(join(directory, facts.id, 'data'), '')
  await writeFile(join(directory, facts.id, 'session.json'), JSON.stringify(facts))
  return facts
}

/** What is written down of an upload that was begun and has not ended; null where there is none, or it is damaged. */
export async function recallSession(directory: string, id: string): Promise<SessionFacts | null> {
  if (!UUID.test(id)) return null
  const text = await readFile(join(directory, id, 'session.json'), 'utf8').catch(() => 'null')
  const facts = jsonOrNull(text)
  return isSessionFacts(facts) && facts.id === id ? facts : null
}

function isSessionFacts(value: unknown): value is SessionFacts {
  if (!isJsonObject(value)) return false
  const { id, repository, algorithm } = value
  return typeof id === 'string' && typeof repository === 'string' && (algorithm === 'sha256' || algorithm === 'sha512')
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
