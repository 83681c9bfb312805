import type { Test } from 'tap'
import { type Blob, memoryBlob } from '../../lib/blob/blob.js'
import {
  createRegistryClient,
  type RegistryClient,
  type RegistryClientOptions,
  type Remote
} from '../../lib/registry/client.js'
import { finishedBlob, type PushOutcome, pushBlob } from '../../lib/registry/push-blob.js'
import { noJournal } from '../../lib/registry/upload-journal.js'

/** A client that tries again after milliseconds and has no credentials but those given; ends with the test. */
export function testClient(t: Test, options: RegistryClientOptions = {}): RegistryClient {
  const client = createRegistryClient({
    credentials: async () => null,
    deadlines: { connect: 10_000, headers: 10_000, stall: 10_000 },
    retry: { attempts: 4, delay: 2, longestDelay: 10, longestRetryAfter: 2000 },
    ...options
  })
  t.teardown(() => client.close())
  return client
}

export function blobOf(bytes: Buffer): Blob {
  return memoryBlob(bytes, { mediaType: 'application/octet-stream' })
}

export function push(remote: Remote, bytes: Buffer, mountFrom: readonly string[] = []): Promise<PushOutcome> {
  const blob = finishedBlob(blobOf(bytes))
  return pushBlob({ remote, blob, mountFrom, journal: noJournal, journalKey: '', progress: () => {} })
}
