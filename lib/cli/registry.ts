import { readFile } from 'node:fs/promises'
import { UsageError } from '../errors.js'
import type { Provision } from '../graph/index.js'
import { createRegistryClient, noteRegistry, type RegistryClient, registryResource } from '../registry/client.js'

/** The client that the flags want. Close it. */
export async function openRegistryClient({ ca }: { readonly ca: string | null }): Promise<RegistryClient> {
  return createRegistryClient({ note: noteRegistry, ...(ca !== null && { ca: [await readCertificates('--ca', ca)] }) })
}

/** A client, as a run is given it. */
export function provideClient(client: RegistryClient): Provision {
  return registryResource.provide(client)
}

/** The text of a PEM file that a flag names. */
export async function readCertificates(flag: string, path: string): Promise<string> {
  const subject = `${flag} ${path}`
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError({ operation: 'read certificates', subject, cause })
  })
  if (text.includes('-----BEGIN ')) return text
  throw new UsageError({ operation: 'read certificates', subject, expected: 'a PEM file', found: 'something else' })
}
